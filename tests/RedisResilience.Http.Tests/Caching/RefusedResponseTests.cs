using System.Net;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>Responses that are not stored, and what follows for those that come after them.</summary>
internal sealed class RefusedResponseTests
{
    [TestCase(HttpStatusCode.NotModified)]
    [TestCase(HttpStatusCode.InternalServerError)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    public async Task ResponseThatSaysNothingOfTheNext_LetsTheNextBeStored(HttpStatusCode status)
    {
        using var cached = new CachedClient();
        cached.Origin.Answers(_ => FakeOrigin.Response(status, ""));
        Assert.That((await cached.GetAsync("", "If-None-Match: \"1\"")).Status, Is.EqualTo((int)status));
        cached.Origin.Answers("body", "Cache-Control: max-age=60");
        await cached.GetAsync();

        Assert.That((await cached.GetAsync()).IsHit, Is.True);
    }

    [Test]
    public async Task ResponseThatMayBeStoredAfterAll_LetsTheNextBeStored()
    {
        using var cached = new CachedClient();
        cached.Origin.Answers("one", "Cache-Control: no-store");
        await cached.GetAsync();
        cached.Origin.Answers("body", "Cache-Control: max-age=60");
        await cached.GetAsync();
        await cached.GetAsync();

        Assert.That((await cached.GetAsync()).IsHit, Is.True);
    }

    [Test]
    [Description("Who is not served from the store does not wait for it; what another process stores meanwhile is seen in ten seconds.")]
    public async Task UriWhoseResponsesAreNotStored_IsAskedWithoutALook_ForTenSeconds()
    {
        using var cached = new CachedClient();
        using var other = new CachedClient(store: cached.Store);
        cached.Origin.Answers("mine", "Cache-Control: no-store");
        await cached.GetAsync();
        other.Origin.Answers("stored", "Cache-Control: max-age=60");
        await other.GetAsync();
        cached.Pass(9);
        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("mine"));
        cached.Pass(2);

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("stored"));
    }

    [Test]
    public async Task ResponseOfAUser_KeepsNobodyFromWhatIsStoredForAll()
    {
        using var cached = new CachedClient();
        cached.Origin.Answers(request => FakeOrigin.Response(
            "body", request.Headers.Contains("Authorization") ? "Cache-Control: private" : "Cache-Control: max-age=60"));
        await cached.GetAsync("", "Authorization: Bearer 1");
        await cached.GetAsync();
        await cached.GetAsync();
        Assert.That((await cached.GetAsync()).IsHit, Is.True);
        await cached.GetAsync("", "Authorization: Bearer 2");

        Assert.That((await cached.GetAsync()).IsHit, Is.True);
    }

    [TestCase(HttpStatusCode.PreconditionFailed, "If-Match: \"1\"")]
    [TestCase(HttpStatusCode.RequestedRangeNotSatisfiable, "X-Any: thing")]
    public async Task AnswerToTheConditionsOfOne_IsNotStoredForAll(HttpStatusCode status, string field)
    {
        using var cached = new CachedClient();
        cached.Origin.Answers(_ => FakeOrigin.Response(status, "", "Cache-Control: max-age=60"));
        Assert.That((await cached.GetAsync("", field)).Status, Is.EqualTo((int)status));
        cached.Origin.Answers("body", "Cache-Control: max-age=60");

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("body"));
    }
}
