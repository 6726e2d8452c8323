using CsCheck;
using Predictions.Startup;

namespace RedisResilience.Tests.Predictions;

public sealed class SafeAddressTests
{
    private static readonly Gen<string> AnyText = Gen.Char.Array[0, 20].Select(characters => new string(characters));

    /// <summary>What a password may have that looks like another part of a connection string.</summary>
    private static readonly Gen<string> Password = Gen.OneOf(
        AnyText, Gen.OneOf("://", "@", "/", "?", "#", "=", ":", ",", "%", "redis://", "host:6379", "x").Array[1, 6].Select(string.Concat));

    private static readonly Gen<string[]> Hosts = Gen.OneOf(
        "host", "127.0.0.1:6379", "[::1]:6380", "redis-1.example.com:12345").Array[1, 3];

    [TestCase("redis://host:6379", "host:6379")]
    [TestCase("redis://user:s3cret@host:6379/2", "host:6379")]
    [TestCase(" rediss://:s3cret@host ", "host")]
    [TestCase("redis://user:s3/c@r#e?t@host:1/0", "host:1")]
    [TestCase("redis://u:s3cret@h1:1,h2:2/3", "h1:1,h2:2")]
    [TestCase("redis://:s3cret@[::1]:6379", "[::1]:6379")]
    [TestCase("host:6379,password=s3cret,ssl=true", "host:6379")]
    [TestCase("h1:1, h2:2,password=s3,cret", "h1:1, h2:2")]
    [TestCase("host:6379,password=redis://s3cret", "host:6379")]
    [TestCase("host,password=s3://cret", "host")]
    [TestCase("mongodb://user:s3cret@m1:27017,m2:27017/stocks?replicaSet=rs0", "m1:27017,m2:27017")]
    public void Address_ShowsHostsOnly(string connectionString, string expected)
    {
        Assert.That(SafeAddress.Of(connectionString), Is.EqualTo(expected));
        Assert.That(SafeAddress.Of(connectionString), Does.Not.Contain("s3").And.Not.Contain("cret"));
    }

    [Test]
    public void Url_ShowsItsHostsAndNothingElse() =>
        Gen.Select(AnyText, Password, Hosts, Gen.OneOf("", "/", "/2", "?name=x", "/0?name=a%40b")).Sample(
        (user, password, hosts, rest) =>
        {
            var address = string.Join(',', hosts);
            return SafeAddress.Of($"redis://{Escape(user)}:{Escape(password)}@{address}{rest}") == address;
        });

    [Test]
    public void StackExchangeString_ShowsItsHostsAndNothingElse() =>
        Gen.Select(Password, Hosts, Gen.OneOf("", ",ssl=true", ",user=u,abortConnect=false")).Sample(
        (password, hosts, rest) => SafeAddress.Of($"{string.Join(',', hosts)},password={password}{rest}") == string.Join(", ", hosts));

    // Half of a surrogate pair cannot be written in a URL.
    private static string Escape(string text) => Uri.EscapeDataString(string.Concat(text.Where(character => !char.IsSurrogate(character))));
}
