using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits.FixedWindows;

namespace RedisResilience.Tests.Gateway;

internal sealed class RedisScriptTests
{
    [Test]
    public void ScriptBesideItsClass_IsRead() =>
        Assert.That(RedisScript.Load<FixedWindowCounter>("FixedWindow").Text, Does.Contain("KEYS[1]"));

    [Test]
    public void UnknownScript_IsNamed() =>
        Assert.That(
            () => RedisScript.Load<FixedWindowCounter>("Missing"), Throws.InvalidOperationException.With.Message.Contains("Missing.lua"));
}
