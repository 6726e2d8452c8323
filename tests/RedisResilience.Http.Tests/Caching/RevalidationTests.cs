using System.Net;

namespace RedisResilience.Http.Tests.Caching;

internal sealed class RevalidationTests
{
    private readonly CachedClient _cached = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [Test]
    public async Task StaleResponse_IsAskedAbout_AndMergedWithThe304()
    {
        _cached.Origin.Answers(
            "one", "Cache-Control: max-age=60", "ETag: \"1\"", "Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT", "X-Own: a", "X-Kept: k");
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(
            _ => FakeOrigin.Response(HttpStatusCode.NotModified, "", "Cache-Control: max-age=30", "X-Own: b", "Content-Length: 99"));
        using var confirmed = await _cached.SendAsync(HttpMethod.Get);

        Assert.That(_cached.Origin.Last.Headers.GetValues("If-None-Match").Single(), Is.EqualTo("\"1\""));
        Assert.That(_cached.Origin.Last.Headers.GetValues("If-Modified-Since").Single(), Is.EqualTo("Mon, 30 Nov 2026 10:00:00 GMT"));
        Assert.That(
            await Got.OfAsync(confirmed), Is.EqualTo(new Got(200, "one", "RedisResilience; fwd=stale; fwd-status=304; stored", "0")));
        Assert.That(
            (confirmed.Headers.GetValues("X-Own").Single(), confirmed.Headers.GetValues("X-Kept").Single()), Is.EqualTo(("b", "k")));
        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=30"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
    }

    [TestCase("Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT")]
    [TestCase("X-No: validator")]
    public async Task CallersOwnCondition_IsNotTakenForOneAboutWhatIsStored(string field)
    {
        _cached.Origin.Answers("old", "Cache-Control: max-age=60", field);
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(request => request.Headers.Contains("If-None-Match")
            ? FakeOrigin.Response(HttpStatusCode.NotModified, "", "ETag: \"callers\"")
            : FakeOrigin.Response("new", "Cache-Control: max-age=60", "ETag: \"callers\""));
        await _cached.GetAsync("", "If-None-Match: \"callers\"");

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task NoCache_IsAskedAboutEveryTime()
    {
        _cached.Origin.Answers("one", "Cache-Control: no-cache, max-age=60", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.NotModified, ""));

        Assert.That((await _cached.GetAsync(), await _cached.GetAsync()).ToString(), Does.Not.Contain("hit"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(3));
    }

    [Test]
    public async Task ChangedResponse_TakesThePlace()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60", "ETag: \"1\"");
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers("two", "Cache-Control: max-age=60", "ETag: \"2\"");

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("two"));
        Assert.That(((await _cached.GetAsync()).Body, _cached.Origin.Asked), Is.EqualTo(("two", 2)));
    }

    [Test]
    public async Task A304ToNothing_IsPassedOnAndNotStored()
    {
        _cached.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.NotModified, "", "Cache-Control: max-age=60"));

        Assert.That((await _cached.GetAsync()).Status, Is.EqualTo(304));
        Assert.That(((await _cached.GetAsync()).Status, _cached.Origin.Asked), Is.EqualTo((304, 2)));
    }

    [Test]
    public async Task RefreshThatFails_LeavesWhatThereWas()
    {
        _cached.Origin.Answers("one", "Cache-Control: max-age=60");
        await _cached.GetAsync();
        _cached.Pass(10);
        _cached.Origin.Fails();
        Assert.That(async () => await _cached.GetAsync("", "Cache-Control: no-cache"), Throws.InstanceOf<HttpRequestException>());

        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=50"));
    }

    [Test]
    public async Task RefreshThatFails_IsToldToAllWhoWantedIt()
    {
        await _cached.GetAsync();
        var gate = new TaskCompletionSource();
        _cached.Origin.Answer = async (_, _) =>
        {
            await gate.Task;
            throw new HttpRequestException("gone");
        };
        var getting = Enumerable.Range(0, 3).Select(_ => _cached.GetAsync("", "Cache-Control: no-cache")).ToArray();
        gate.SetResult();
        foreach (var one in getting)
        {
            Assert.That(async () => await one, Throws.InstanceOf<HttpRequestException>());
        }

        Assert.That((await _cached.GetAsync()).IsHit, Is.True);
    }

    [TestCase("Mon, 30 Nov 2026 12:00:00 GMT", 304)]
    [TestCase("Mon, 30 Nov 2026 11:59:59 GMT", 200)]
    [TestCase("Monday, 30-Nov-26 12:00:00 GMT", 304)]
    [TestCase("nonsense", 200)]
    public async Task DateOfTheResponse_StandsForTheOneOfItsLastChange(string since, int status)
    {
        _cached.Origin.Answers("body", "Cache-Control: max-age=60", "Date: Mon, 30 Nov 2026 12:00:00 GMT");
        await _cached.GetAsync();

        Assert.That((await _cached.GetAsync("", $"If-Modified-Since: {since}")).Status, Is.EqualTo(status));
    }
}
