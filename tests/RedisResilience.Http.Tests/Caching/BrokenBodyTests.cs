using System.Net;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>A body that breaks off, where there is a stale response to serve instead.</summary>
internal sealed class BrokenBodyTests
{
    private readonly CachedClient _cached = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task BodyThatBreaksOff_LetsTheStaleOneBeServed(bool isShort)
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(_ => FakeOrigin.Broken(isShort, "Cache-Control: max-age=60"));

        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=-1; detail=stale-if-error"));
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("body"), "and it is left alone for a moment");
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
        _cached.Pass(2);
        _cached.Origin.Answers("new", "Cache-Control: max-age=60");
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task BodyThatBreaksOff_OfOneThatWasToBeYoung_LeavesWhatThereWas()
    {
        await _cached.GetAsync();
        _cached.Pass(10);
        _cached.Origin.Answers(_ => FakeOrigin.Broken(isShort: false, "Cache-Control: max-age=60"));
        Assert.That((await _cached.GetAsync("", "Cache-Control: max-age=5")).CacheStatus, Does.EndWith("detail=stale-if-error"));

        Assert.That((await _cached.GetAsync()).CacheStatus, Is.EqualTo("RedisResilience; hit; ttl=50"));
    }

    [Test]
    [Description("What was removed to be replaced is not put back: a removal that came meanwhile would be undone.")]
    public async Task BodyThatBreaksOff_OfOneThatWasToReplace_IsServedStaleOnce([Values] bool isThrown)
    {
        await _cached.GetAsync();
        _cached.Pass(10);
        _cached.Origin.Answers(_ => isThrown
            ? throw new HttpRequestException("gone")
            : FakeOrigin.Broken(isShort: false, "Cache-Control: max-age=60"));
        using var request = CachedClient.Request(HttpMethod.Get);
        request.Options.Set(HttpCacheRequest.Refresh, true);
        using var response = await _cached.Client.SendAsync(request);
        Assert.That((await Got.OfAsync(response)).CacheStatus, Does.EndWith("detail=stale-if-error"));
        _cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task SlowBody_IsReadAsItComes_WhenItWasWaitedForInVain()
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        var pipe = new System.IO.Pipelines.Pipe();
        _cached.Origin.Answers(_ =>
        {
            var response = FakeOrigin.Response("", "Cache-Control: max-age=60");
            response.Content = new StreamContent(pipe.Reader.AsStream());
            return response;
        });
        await pipe.Writer.WriteAsync("be"u8.ToArray());
        var getting = _cached.Client.SendAsync(CachedClient.Request(HttpMethod.Get), HttpCompletionOption.ResponseHeadersRead);
        while (!getting.IsCompleted)
        {
            _cached.Pass(1);
            await Task.Yield();
        }

        using var response = await getting;
        await pipe.Writer.WriteAsync("gun"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        Assert.That((await Got.OfAsync(response)).Body, Is.EqualTo("begun"));
    }

    [Test]
    public async Task PartThatNobodyAskedFor_LetsTheStaleOneBeServed()
    {
        await _cached.GetAsync();
        _cached.Pass(61);
        _cached.Origin.Answers(
            _ => FakeOrigin.Response(HttpStatusCode.PartialContent, "lies", "Cache-Control: max-age=60", "Content-Range: bytes 0-3/9"));

        Assert.That((await _cached.GetAsync()).CacheStatus, Does.EndWith("detail=stale-if-error"));
    }
}
