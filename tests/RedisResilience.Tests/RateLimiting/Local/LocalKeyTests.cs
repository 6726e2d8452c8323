using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting.Local;

internal sealed class LocalKeyTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromMinutes(1));

    [Test]
    public void SameTexts_AreOneKey()
    {
        var (one, same) = (
            LocalKey.Of("client", Limit with { Name = "login" }),
            LocalKey.Of(new string("client"), Limit with { Name = new string("login") }));
        Assert.That(one, Is.EqualTo(same));
        Assert.That(one.GetHashCode(), Is.EqualTo(same.GetHashCode()));
    }

    [Test]
    public void AnotherKeyOrName_IsAnother() => Assert.That(
        new[] { LocalKey.Of("client", Limit), LocalKey.Of(
        "clienu", Limit), LocalKey.Of("client", Limit with { Name = "login" }), LocalKey.Of("client", Limit with { Name = "nigol" }) },
        Is.Unique);

    [Test]
    public void KeyTooLongToBeOne_IsToldApartAllTheSame() =>
        Assert.That(LocalKey.Of(new string('a', 5000), Limit), Is.Not.EqualTo(LocalKey.Of(new string('a', 5001), Limit)));
}
