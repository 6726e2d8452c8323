using Predictions.Startup;

namespace RedisResilience.Tests.Predictions;

public sealed class SafeAddressTests
{
    [TestCase("redis://host:6379", "host:6379")]
    [TestCase("redis://user:s3cret@host:6379/2", "host:6379")]
    [TestCase(" rediss://:s3cret@host ", "host")]
    [TestCase("redis://user:s3/c@r#e?t@host:1/0", "host:1")]
    [TestCase("redis://u:s3cret@h1:1,h2:2/3", "h1:1,h2:2")]
    [TestCase("redis://:s3cret@[::1]:6379", "[::1]:6379")]
    [TestCase("host:6379,password=s3cret,ssl=true", "host:6379")]
    [TestCase("h1:1, h2:2,password=s3,cret", "h1:1, h2:2")]
    [TestCase("mongodb://user:s3cret@m1:27017,m2:27017/stocks?replicaSet=rs0", "m1:27017,m2:27017")]
    public void Address_ShowsHostsOnly(string connectionString, string expected)
    {
        Assert.That(SafeAddress.Of(connectionString), Is.EqualTo(expected));
        Assert.That(SafeAddress.Of(connectionString), Does.Not.Contain("s3").And.Not.Contain("cret"));
    }
}
