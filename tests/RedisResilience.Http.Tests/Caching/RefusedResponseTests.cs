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
