using RedisResilience.Gateway;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Gateway;

internal sealed class RedisScriptTests
{
    [Test]
    public void ScriptBesideItsClass_IsRead() => Assert.That(RedisScript.Load<FixedWindow>("FixedWindow").Text, Does.Contain("KEYS[1]"));

    [Test]
    public void UnknownScript_IsNamed() =>
        Assert.That(() => RedisScript.Load<FixedWindow>("Missing"), Throws.InvalidOperationException.With.Message.Contains("Missing.lua"));
}
