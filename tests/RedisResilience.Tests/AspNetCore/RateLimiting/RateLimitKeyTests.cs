using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class RateLimitKeyTests
{
    [TestCase("alice")]
    [TestCase("smile 😀")]
    public void CleanKey_StaysAsItIs(string key) => Assert.That(RateLimitKey.Clean(key), Is.EqualTo(key));

    // Not as attributes: their arguments are kept as UTF-8, which has no broken surrogates.
    private static readonly string[] Forbidden = ["a\r\nb", "\u0085", "\ud800", "x\udc00", "😀\ud800x", "\ud800\ud800\udc00"];

    [TestCaseSource(nameof(Forbidden))]
    public void ForbiddenKey_BecomesItsHash(string key) => Assert.That(RateLimitKey.Clean(key), Does.Match("^[0-9a-f]{64}$"));

    [Test]
    public void LongestKey_StaysAndOneMoreCharacterIsHashed()
    {
        Assert.That(RateLimitKey.Clean(new string('a', 1024)), Has.Length.EqualTo(1024));
        Assert.That(RateLimitKey.Clean(new string('a', 1025)), Has.Length.EqualTo(64));
    }

    [Test]
    public void DifferentBrokenKeys_StayDifferent() => Assert.That(RateLimitKey.Clean("\ud800"), Is.Not.EqualTo(RateLimitKey.Clean("\ud801")));
}
