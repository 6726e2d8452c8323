using System.Net;
using RedisResilience.Gateway;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.ConnectionStrings;

internal sealed class RedisUrlTests
{
    private static ConfigurationOptions Parse(string url) => RedisConnectionString.Parse(url, "connectionString");

    [TestCase("redis://h", null, null)]
    [TestCase("redis://@h", null, null)]
    [TestCase("redis://:@h", null, null)]
    [TestCase("redis://:pw@h", null, "pw")]
    [TestCase("redis://default:pw@h", "default", "pw")]
    [TestCase("redis://user@h", "user", null)]
    [TestCase("redis://user:@h", "user", null)]
    [TestCase("redis://u:a:b@h", "u", "a:b")]
    [TestCase("redis://u:a,b@h", "u", "a,b")]
    [TestCase("redis://u:a+b@h", "u", "a+b")]
    [TestCase("redis://u:%2F%40%3A%3a%25%2B%3F%23%2C@h", "u", "/@::%+?#,")]
    [TestCase("redis://%75:%70%C3%BC%E2%82%AC%F0%9F%94%91@h", "u", "pü€🔑")]
    [TestCase("redis://u:pü@h", "u", "pü")]
    [TestCase("redis://u:%00@h", "u", "\0")]
    public void UserInfo_IsDecoded(string url, string? user, string? password)
    {
        var options = Parse(url);

        Assert.That((options.User, options.Password), Is.EqualTo((user, password)));
    }

    [TestCase("redis://h", "h", 6379)]
    [TestCase("rediss://h", "h", 6379)]
    [TestCase("redis://h:1", "h", 1)]
    [TestCase("redis://h:65535/", "h", 65535)]
    [TestCase("redis://u:p@my_redis.svc.cluster.local.:6380/1", "my_redis.svc.cluster.local.", 6380)]
    [TestCase("  redis://h:7\n", "h", 7)]
    public void Host_IsAName(string url, string host, int port) =>
        Assert.That(Parse(url).EndPoints, Is.EqualTo(new[] { new DnsEndPoint(host, port) }));

    [TestCase("redis://127.0.0.1:7000", "127.0.0.1", 7000)]
    [TestCase("redis://[::1]", "::1", 6379)]
    [TestCase("redis://u:p@[2001:db8::7]:6390/2", "2001:db8::7", 6390)]
    public void Host_IsAnAddress(string url, string address, int port) =>
        Assert.That(Parse(url).EndPoints, Is.EqualTo(new[] { new IPEndPoint(IPAddress.Parse(address), port) }));

    [Test]
    public void SeveralHosts_ShareCredentialsAndDatabase()
    {
        var options = Parse("redis://u:p@h1:1,[::1],h2:2,h1:1/3");

        Assert.That(options.EndPoints, Is.EqualTo(
            new EndPoint[] { new DnsEndPoint("h1", 1), new IPEndPoint(IPAddress.IPv6Loopback, 6379), new DnsEndPoint("h2", 2) }));
        Assert.That((options.User, options.Password, options.DefaultDatabase), Is.EqualTo(("u", "p", (int?)3)));
    }

    [TestCase("redis://h", null)]
    [TestCase("redis://h/", null)]
    [TestCase("redis://h?", null)]
    [TestCase("redis://h/0", 0)]
    [TestCase("redis://h/15", 15)]
    [TestCase("redis://h/2/", 2)]
    public void Path_IsTheDatabase(string url, int? database) => Assert.That(Parse(url).DefaultDatabase, Is.EqualTo(database));

    [TestCase("redis://h", false, null)]
    [TestCase("rediss://h:1", true, "h")]
    [TestCase("REDISS://u:p@h", true, "h")]
    [TestCase("rediss://[::1]:1", true, "::1")]
    [TestCase("rediss://10.0.0.1?sslHost=cache.example", true, "cache.example")]
    [TestCase("rediss://h1,h2", true, null)]
    public void Scheme_DecidesTls(string url, bool isTls, string? sslHost)
    {
        var options = Parse(url);

        Assert.That((options.Ssl, options.SslHost), Is.EqualTo((isTls, sslHost)));
    }

    [Test]
    public void PlainScheme_WinsOverWhatTheClientAssumesOfAHost() => Assert.That(Parse("redis://x.redis.cache.windows.net").Ssl, Is.False);

    [Test]
    public void Query_TakesTheOptionsOfTheClient()
    {
        var options = Parse("redis://h/1?connectTimeout=123&ASYNCTIMEOUT=456&name=a%20b%2Bc+d");

        Assert.That((options.ConnectTimeout, options.AsyncTimeout, options.ClientName), Is.EqualTo((123, 456, "a b+c+d")));
        Assert.That(options.EndPoints, Has.Count.EqualTo(1));
    }
}
