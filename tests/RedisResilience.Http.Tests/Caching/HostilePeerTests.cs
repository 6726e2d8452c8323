using System.Net;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>Another side that says what it should not: its response reaches the caller, and nothing that it says does harm.</summary>
internal sealed class HostilePeerTests
{
    [TestCase("Cache-Control: max-age=99999999999999999999", "Age: 99999999999999999999")]
    [TestCase("Cache-Control: max-age=99999999999999999999, stale-if-error=99999999999, stale-while-revalidate=99999999999", "X: y")]
    [TestCase("Expires: Fri, 31 Dec 9999 23:59:59 GMT", "Date: Mon, 01 Jan 0001 00:00:00 GMT")]
    [TestCase("Expires: Fri, 31 Dec 9999 23:59:59 GMT", "Date: Fri, 31 Dec 9999 23:59:59 GMT")]
    [TestCase("Last-Modified: Mon, 01 Jan 0001 00:00:00 GMT", "ETag: nonsense")]
    [TestCase("Cache-Control: max-age=60", "Vary: a, b\u00e9, \"c")]
    [TestCase("Cache-Control: max-age=60", "Content-Range: bytes 5-1/0")]
    [TestCase("Cache-Control: max-age=60", "Content-Length: -5")]
    [TestCase("Cache-Control: max-age=60", "Content-Length: 99999999999999999999")]
    public async Task ExtremeFields_AreServed_AlsoAfterYears(params string[] fields)
    {
        using var cached = new CachedClient(options => (options.HeuristicFactor, options.StaleIfError) = (1, TimeSpan.FromDays(365)));
        cached.Origin.Answers("body", fields);
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("body"));
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("body"));
        cached.Time.Advance(TimeSpan.FromDays(366 * 3));
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("body"));
    }

    [Test]
    public async Task EndlessFields_PassBy()
    {
        using var cached = new CachedClient();
        cached.Origin.Answers(
            "body", ["Cache-Control: max-age=60", .. Enumerable.Range(0, 3000).Select(number => $"X-{number}: {new string('x', 100)}")]);
        await cached.GetAsync();

        Assert.That(((await cached.GetAsync()).Body, cached.Origin.Asked), Is.EqualTo(("body", 2)));
    }

    [Test]
    public async Task PartThatNobodyAskedFor_IsNotStored()
    {
        using var cached = new CachedClient();
        cached.Origin.Answers(
            _ => FakeOrigin.Response(HttpStatusCode.PartialContent, "od", "Cache-Control: max-age=60", "Content-Range: bytes 1-2/4"));
        await cached.GetAsync();

        Assert.That(((await cached.GetAsync()).IsHit, cached.Origin.Asked), Is.EqualTo((false, 2)));
    }

    [Test]
    public async Task ConfirmationOfWhatMayNotBeKept_EndsIt()
    {
        using var cached = new CachedClient();
        cached.Origin.Answers("old", "Cache-Control: max-age=60", "ETag: \"1\"");
        await cached.GetAsync();
        cached.Pass(61);
        cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.NotModified, "", "Cache-Control: no-store"));
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("old"));
        cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("new"));
    }
}
