using System.Net;
using System.Net.Sockets;
using RedisResilience.Gateway;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.ConnectionStrings;

internal sealed class StackExchangeStringTests
{
    private static ConfigurationOptions Parse(string text) => RedisConnectionString.Parse(text, "connectionString");

    [TestCase("localhost")]
    [TestCase("localhost:6379")]
    [TestCase(" h1:1 , h2:2 , [::1]:3 , 10.0.0.1 ,")]
    [TestCase("h:1,h:1")]
    [TestCase("h:1,user=u,password=a=b==,ssl=true,sslHost=x,defaultDatabase=2,abortConnect=false")]
    [TestCase("h:1,PASSWORD= p%41 ,connectTimeout=123,asyncTimeout=456,syncTimeout=789,connectRetry=7,keepAlive=11")]
    [TestCase("password=p,h:1")]
    [TestCase("h1,allowAdmin=true,h2")]
    [TestCase("h,serviceName=mymaster,$CLIENT=")]
    [TestCase("h,password=https://p@q/r")]
    [TestCase("x.redis.cache.windows.net:6380,password=p,ssl=True")]
    [TestCase("!/run/redis.sock,password=p")]
    public void ValidString_MeansWhatItMeansToStackExchangeRedis(string text)
    {
        var expected = ConfigurationOptions.Parse(text);

        var options = Parse(text);

        Assert.That(options.ToString(includePassword: true), Is.EqualTo(expected.ToString(includePassword: true)));
        Assert.That(options.EndPoints, Is.EqualTo(expected.EndPoints));
        Assert.That((options.Ssl, options.AbortOnConnectFail), Is.EqualTo((expected.Ssl, expected.AbortOnConnectFail)));
    }

    [Test]
    public void PortThatIsNotGiven_IsLeftToTheClient() =>
        Assert.That(Parse("h,ssl=true").EndPoints, Is.EqualTo(new[] { new DnsEndPoint("h", 0) }));

    [Test]
    public void UnixSocket_IsAnEndpoint() =>
        Assert.That(Parse("!/run/redis.sock").EndPoints, Is.EqualTo(new[] { new UnixDomainSocketEndPoint("/run/redis.sock") }));
}
