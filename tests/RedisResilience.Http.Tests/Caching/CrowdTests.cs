using System.Net;
using RedisResilience.Tests;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>A crowd that waits for one request, which ends otherwise than with a response to store.</summary>
internal sealed class CrowdTests
{
    private const int Callers = 50;

    private readonly CachedClient _cached = new();
    private readonly TaskCompletionSource _gate = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Failure_IsGivenToAllWhoWait_AndNotStored(int status)
    {
        var got = await Task.WhenAll(Ask(() => FakeOrigin.Response((HttpStatusCode)status, "trouble", "Retry-After: 7")));

        Assert.That(_cached.Origin.Asked, Is.EqualTo(1));
        Assert.That(got.Select(one => (one.Status, one.Body)), Is.All.EqualTo((status, "trouble")));
        Assert.That(
            got.Count(one => one.CacheStatus == "RedisResilience; fwd=uri-miss; collapsed"), Is.EqualTo(Callers - 1), got[0].CacheStatus);
        _cached.Origin.Answers("new", "Cache-Control: max-age=60");
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [TestCase("Cache-Control: no-store")]
    [TestCase("Cache-Control: private")]
    [TestCase("Set-Cookie: a=b")]
    [TestCase("Vary: *")]
    public async Task FailureOfOneUser_IsGivenToNobodyElse(string field)
    {
        var count = 0;
        var got = await Task.WhenAll(
            Ask(() => FakeOrigin.Response(HttpStatusCode.InternalServerError, $"{Interlocked.Increment(ref count)}", field)));

        Assert.That(got.Select(one => one.Body), Is.Unique);
    }

    [Test]
    public async Task FailureThatVaries_IsGivenToThoseWhoAskAlike()
    {
        _cached.Origin.Answer = async (request, _) =>
        {
            await _gate.Task;
            return FakeOrigin.Response(HttpStatusCode.BadGateway, request.Headers.GetValues("Lang").Single(), "Vary: Lang");
        };
        var getting = Enumerable.Range(0, Callers).Select(caller => _cached.GetAsync("", $"Lang: {caller % 2}")).ToArray();
        _gate.SetResult();

        var got = await Task.WhenAll(getting);
        Assert.That(got.Select(one => one.Body), Is.EqualTo(Enumerable.Range(0, Callers).Select(caller => $"{caller % 2}")));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task BodyThatBreaksOff_FailsTheOneWhoAsked_AndTheOthersAskOnce(bool isShort)
    {
        var asked = 0;
        var got = Ask(() => Interlocked.Increment(ref asked) == 1
            ? FakeOrigin.Broken(isShort, "Cache-Control: max-age=60")
            : FakeOrigin.Response("whole", "Cache-Control: max-age=60"));
        try
        {
            await Task.WhenAll(got);
        }
        catch (HttpRequestException)
        {
            // That is the one.
        }

        Assert.That(got.Count(one => one.IsFaulted), Is.EqualTo(1));
        Assert.That(got.Where(one => one.IsCompletedSuccessfully).Select(one => one.Result.Body), Is.All.EqualTo("whole"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task BodiesThatAllBreakOff_FailEachTheOneWhoAsked_OneAfterTheOther()
    {
        var (under, most) = (0, 0);
        _cached.Origin.Answer = async (_, _) =>
        {
            await _gate.Task;
            most = Math.Max(most, Interlocked.Increment(ref under));
            await Task.Yield();
            Interlocked.Decrement(ref under);
            return FakeOrigin.Broken(isShort: false, "Cache-Control: max-age=60");
        };
        var getting = Enumerable.Range(0, Callers).Select(_ => _cached.GetAsync()).ToArray();
        _gate.SetResult();
        foreach (var one in getting)
        {
            Assert.That(async () => await one, Throws.InstanceOf<HttpRequestException>());
        }

        await Task.Yield();
        Assert.That((_cached.Origin.Asked, most), Is.EqualTo((Callers, 1)));
    }

    [Test]
    public async Task FirstOneWhoLeaves_LetsTheOthersHaveTheBody()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        _cached.Origin.Answer = async (_, _) =>
        {
            await _gate.Task;
            var response = FakeOrigin.Response("", "Cache-Control: max-age=60");
            response.Content = new StreamContent(pipe.Reader.AsStream());
            return response;
        };
        var first = _cached.Client.SendAsync(CachedClient.Request(HttpMethod.Get), HttpCompletionOption.ResponseHeadersRead);
        await Eventually.BecomesTrueAsync(() => _cached.Origin.Asked == 1);
        var others = Enumerable.Range(0, Callers).Select(_ => _cached.GetAsync()).ToArray();
        _gate.SetResult();
        (await first).Dispose();
        await pipe.Writer.WriteAsync("body"u8.ToArray());
        await pipe.Writer.CompleteAsync();

        Assert.That((await Task.WhenAll(others)).Select(got => got.Body), Is.All.EqualTo("body"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(1));
    }

    private Task<Got>[] Ask(Func<HttpResponseMessage> answer)
    {
        _cached.Origin.Answer = async (_, _) =>
        {
            await _gate.Task;
            return answer();
        };
        var getting = Enumerable.Range(0, Callers).Select(_ => _cached.GetAsync()).ToArray();
        _gate.SetResult();
        return getting;
    }
}
