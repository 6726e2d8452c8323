using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

internal sealed class RedisKeyPrefixTests
{
    [TestCase("", "key", "key")]
    [TestCase("ratelimit:", "192.168.1.1", "ratelimit:192.168.1.1")]
    [TestCase("préfixe:", "clé", "préfixe:clé")]
    public void Prefix_StandsBeforeTheKey(string prefix, string key, string expected) =>
        Assert.That((string?)new RedisKeyPrefix(prefix).Append(key), Is.EqualTo(expected));

    [Test]
    public void DefaultPrefix_IsEmpty() => Assert.That((string?)default(RedisKeyPrefix).Append("key"), Is.EqualTo("key"));
}
