using System.IO.Pipelines;
using System.Text;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>Bodies stream; what is too large, has no end or breaks off is not stored.</summary>
internal sealed class StreamingTests
{
    private readonly CachedClient _cached = new(options => options.MaximumBodySize = 10_000);
    private readonly Pipe _pipe = new();

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [Test]
    public async Task Body_IsReadAsItComes_AndStoredWhenItIsWhole()
    {
        Stream(length: null);
        using (var response = await GetAsync())
        {
            var said = response.Headers.GetValues("Cache-Status");
            Assert.That(said, Is.EqualTo(["RedisResilience; fwd=uri-miss; fwd-status=200; detail=streaming"]));
            await using var stream = await response.Content.ReadAsStreamAsync();
            Assert.That(await NextAsync(stream, "first"), Is.EqualTo("first"));
            Assert.That(await NextAsync(stream, "second"), Is.EqualTo("second"));
            await _pipe.Writer.CompleteAsync();
            Assert.That(await stream.ReadAsync(new byte[1]), Is.Zero);
        }

        Assert.That((await EventuallyHitAsync()).Body, Is.EqualTo("firstsecond"));
    }

    [Test]
    [Description("As without the cache: once the fields are there, the token of the call has done its part.")]
    public async Task TokenThatIsCancelledAfterTheFields_LeavesTheBodyAlone()
    {
        // Without a timeout the client passes this token on as it is.
        Stream(length: null);
        _cached.Client.Timeout = Timeout.InfiniteTimeSpan;
        using var response = await GetAsync();
        _cached.Client.CancelPendingRequests();
        await using var stream = await response.Content.ReadAsStreamAsync();
        Assert.That(await NextAsync(stream, "first"), Is.EqualTo("first"));
        await _pipe.Writer.CompleteAsync();

        Assert.That(await stream.ReadAsync(new byte[1]), Is.Zero);
    }

    [Test]
    public void SynchronousCall_HasItsBody()
    {
        using var response = _cached.Client.Send(CachedClient.Request(HttpMethod.Get));
        using var stream = response.Content.ReadAsStream();
        using var reader = new StreamReader(stream);

        Assert.That(reader.ReadToEnd(), Is.EqualTo("body"));
    }

    [Test]
    public async Task LargeBody_PassesByWhole_AndIsNotStored()
    {
        Stream(length: null);
        using var response = await GetAsync();
        var whole = new byte[100_000];
        Random.Shared.NextBytes(whole);
        var writing = Task.Run(async () =>
        {
            await _pipe.Writer.WriteAsync(whole);
            await _pipe.Writer.CompleteAsync();
        });
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(whole));
        await writing;
        _cached.Origin.Answers("small", "Cache-Control: max-age=60");

        var got = await _cached.GetAsync();
        Assert.That(got.IsHit, Is.False, got.ToString());
    }

    [Test]
    [Description("The reader closes the body in the same moment in which its load ends: a race, so it is run many times.")]
    public async Task WhoeverClosesABody_AsItsLoadEnds_IsToldNothing()
    {
        _cached.Origin.Answer = async (_, _) =>
        {
            await Task.Yield();
            return FakeOrigin.Response("body", "Cache-Control: max-age=60");
        };
        await Parallel.ForEachAsync(Enumerable.Range(0, 60_000), async (number, _) => (await _cached.GetAsync($"?{number}")).ToString());

        Assert.That(_cached.Origin.Asked, Is.EqualTo(60_000));
    }

    [TestCase("Content-Length: 20000")]
    [TestCase("Content-Type: text/event-stream;charset=utf-8")]
    public async Task BodyThatIsKnownNotToBeStored_IsNotHeld(string field)
    {
        Stream(length: null, field);
        using var response = await GetAsync();
        await using var stream = await response.Content.ReadAsStreamAsync();

        Assert.That(await NextAsync(stream, "event"), Is.EqualTo("event"));
    }

    [Test]
    public async Task BodyThatBreaksOff_IsAnError_AndNotStored()
    {
        Stream(length: null);
        using var response = await GetAsync();
        await _pipe.Writer.WriteAsync(new byte[10]);
        await _pipe.Writer.CompleteAsync(new IOException("gone"));
        Assert.That(async () =>
            await response.Content.ReadAsByteArrayAsync(), Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        _cached.Origin.Answers("new", "Cache-Control: max-age=60");

        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    [Test]
    public async Task BodyShorterThanItsLength_IsNotStored()
    {
        Stream(length: 10);
        using (var response = await GetAsync())
        {
            await _pipe.Writer.WriteAsync(new byte[5]);
            await _pipe.Writer.CompleteAsync();
            _ = await (await response.Content.ReadAsStreamAsync()).ReadAsync(new byte[10]);
        }

        _cached.Origin.Answers("new", "Cache-Control: max-age=60");
        var got = await _cached.GetAsync();
        Assert.That(got.Body, Is.EqualTo("new"), got.ToString());
    }

    [Test]
    [Description("Others may want the same, so the body is read on for a while; one without an end is not read for ever.")]
    public async Task BodyWithoutEnd_IsGivenUp_SomeTimeAfterItsReaderHasLeft()
    {
        var isCancelled = new TaskCompletionSource();
        _cached.Origin.Answers(_ =>
        {
            var response = FakeOrigin.Response("", "Cache-Control: max-age=60");
            response.Content = new StreamContent(new EndlessStream(isCancelled));
            return response;
        });
        (await GetAsync()).Dispose();
        _cached.Pass(4);
        Assert.That(isCancelled.Task.IsCompleted, Is.False);
        _cached.Pass(2);

        await isCancelled.Task.WaitAsync(RedisResilience.Tests.Patience.Limit);
        _cached.Origin.Answers("new", "Cache-Control: max-age=60");
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("new"));
    }

    private void Stream(long? length, params string[] fields) => _cached.Origin.Answers(_ =>
    {
        var response = FakeOrigin.Response("", "Cache-Control: max-age=60");
        response.Content = new StreamContent(_pipe.Reader.AsStream());
        response.Content.Headers.ContentLength = length;
        foreach (var field in fields)
        {
            response.Content.Headers.TryAddWithoutValidation(field.Split(": ")[0], field.Split(": ")[1]);
        }

        return response;
    });

    private async Task<HttpResponseMessage> GetAsync() =>
        await _cached.Client.SendAsync(
            CachedClient.Request(HttpMethod.Get), HttpCompletionOption.ResponseHeadersRead).WaitAsync(RedisResilience.Tests.Patience.Limit);

    private async Task<string> NextAsync(Stream stream, string text)
    {
        await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));
        var buffer = new byte[text.Length];
        await stream.ReadExactlyAsync(buffer).AsTask().WaitAsync(RedisResilience.Tests.Patience.Limit);
        return Encoding.UTF8.GetString(buffer);
    }

    private async Task<Got> EventuallyHitAsync()
    {
        Got? got = null;
        await RedisResilience.Tests.Eventually.BecomesTrueAsync(
            async () => (got = await _cached.GetAsync("", "Cache-Control: only-if-cached")).IsHit);
        return got!;
    }
}
