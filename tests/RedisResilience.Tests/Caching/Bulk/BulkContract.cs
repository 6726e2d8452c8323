using System.Collections.Concurrent;
using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Bulk;

/// <summary>What reading many keys at once means on every cache, with Redis and without. The cache under test holds nothing.</summary>
internal abstract class BulkContract
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    private readonly ConcurrentQueue<string[]> _asked = new();

    protected abstract IResponseCache Cache { get; }

    /// <summary>Whether the cache keeps anything.</summary>
    protected virtual bool Keeps => true;

    [Test]
    public async Task Missing_AreAskedForTogether_AndGivenInTheirOrder()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(index => $"key{index}")];
        Assert.That(await ReadAsync(keys), Is.EqualTo(keys.Select(key => $"of {key}")));
        AssertAsked(keys);
    }

    [Test]
    public async Task OnlyWhatIsMissing_IsAskedFor()
    {
        await ReadAsync("a", "b");
        _asked.Clear();
        Assert.That(await ReadAsync("c", "a", "b", "d"), Is.EqualTo(new[] { "of c", "of a", "of b", "of d" }));
        AssertAsked(Keeps ? ["c", "d"] : ["a", "b", "c", "d"]);
    }

    [Test]
    public async Task KeyThatIsNamedTwice_IsAskedForOnceAndGivenTwice()
    {
        var owner = new LentBody("body");
        var responses = await Cache.GetOrCreateManyAsync(["a", "b", "a"], Minute, owner, static (owner, _, _) =>
            Answer(("a", new SourceResponse(owner.Bytes, owner)), ("b", SourceResponse.Nothing)));
        Assert.That(responses.Select(response => response.HasBody), Is.EqualTo(new[] { true, false, true }));
        responses[0].Dispose();
        responses[0].Dispose();
        Assert.That(Encoding.UTF8.GetString(responses[2].Body.Span), Is.EqualTo("body"));
        Assert.That(owner.IsDisposed, Is.False, "somebody still has it");
        responses[2].Dispose();
        responses[1].Dispose();
        Assert.That(() => owner.IsDisposed, Is.True.After(10_000, 5));
    }

    [Test]
    public async Task WhatTheSourceDoesNotName_ItHasNot()
    {
        var responses = await Cache.GetOrCreateManyAsync(["a", "b"], Minute, 0, static (_, _, _) =>
            Answer(("b", new SourceResponse("of b"u8.ToArray())), ("x", new SourceResponse("x"u8.ToArray()))));
        Assert.That(
            responses.Select(response => (response.HasBody, response.IsNegative)), Is.EqualTo(new[] { (false, true), (true, false) }));
    }

    [Test]
    public async Task NoKeys_NobodyIsAsked()
    {
        Assert.That(await ReadAsync(), Is.Empty);
        Assert.That(_asked, Is.Empty);
    }

    [Test]
    public void SourceThrows_TheCallerSeesIt()
    {
        Assert.That(
            () => Cache.GetOrCreateManyAsync(["a", "b"], Minute, 0, static (_, _, _) => throw new TimeoutException("the source")).AsTask(),
            Throws.InstanceOf<TimeoutException>().With.Message.EqualTo("the source"));
        Assert.That(
            () => Cache.GetOrCreateManyAsync(
                ["a", "b"], Minute, 0, static (_, _, _) => new(default(IReadOnlyDictionary<string, SourceResponse>)!)).AsTask(),
            Throws.InvalidOperationException);
    }

    [Test]
    public void BadArguments_AreRefused()
    {
        Assert.That(() => Cache.GetOrCreateManyAsync(null!, Minute, 0, Nothing).AsTask(), Throws.ArgumentNullException);
        Assert.That(() => Cache.GetOrCreateManyAsync(["a", null!], Minute, 0, Nothing).AsTask(), Throws.ArgumentNullException);
        Assert.That(() => Cache.GetOrCreateManyAsync(["a", ""], Minute, 0, Nothing).AsTask(), Throws.ArgumentException);
        Assert.That(() => Cache.GetOrCreateManyAsync(["a"], null!, 0, Nothing).AsTask(), Throws.ArgumentNullException);
        Assert.That(() => Cache.GetOrCreateManyAsync<int>(["a"], Minute, 0, null!).AsTask(), Throws.ArgumentNullException);
        Assert.That(() => Cache.GetOrCreateManyAsync(
            ["a"], Minute, 0, Nothing, new CancellationToken(canceled: true)).AsTask(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task CallerWhoLeaves_EndsTheLoadThatNobodyElseWaitsFor()
    {
        using var cancellation = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var read = Cache.GetOrCreateManyAsync(["a", "b"], Minute, asked, static async (asked, _, token) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return new Dictionary<string, SourceResponse>();
        }, cancellation.Token).AsTask();
        await asked.Task;
        await cancellation.CancelAsync();
        Assert.That(() => read, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("a")]
    [TestCase("b")]
    [TestCase("c")]
    public async Task SourceThatAsksForOneOfItsOwnKeys_IsAnsweredAtOnce(string own)
    {
        var patient = Minute with { MaximumFillWait = TimeSpan.FromDays(1) };
        var responses = await Cache.GetOrCreateManyAsync(["a", "b", "c"], patient, Cache, async (cache, keys, token) =>
        {
            using var inner = await cache.GetOrCreateAsync(
                own, patient, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse("inner"u8.ToArray())), token);
            var body = inner.Body.ToArray();
            return keys.ToDictionary(static key => key, _ => new SourceResponse(body));
        }).AsTask().WaitAsync(Patience.Limit);
        Assert.That(responses.Select(static one => Encoding.UTF8.GetString(one.Body.Span)), Has.All.EqualTo("inner"));
    }

    [Test]
    public async Task SourceThatAsksForItsOwnKeysTogether_IsAnsweredAtOnce()
    {
        var patient = Minute with { MaximumFillWait = TimeSpan.FromDays(1) };
        var responses = await Cache.GetOrCreateManyAsync(["a", "b", "c"], patient, Cache, async (cache, keys, token) =>
        {
            var inner = await cache.GetOrCreateManyAsync(["c", "b", "d"], patient, 0, static (_, keys, _) =>
                Answer([.. keys.Select(static key => (key, new SourceResponse("inner"u8.ToArray())))]), token);
            var body = inner[0].Body.ToArray();
            return keys.ToDictionary(static key => key, _ => new SourceResponse(body));
        }).AsTask().WaitAsync(Patience.Limit);
        Assert.That(responses.Select(static one => Encoding.UTF8.GetString(one.Body.Span)), Has.All.EqualTo("inner"));
    }

    protected async Task<string[]> ReadAsync(params string[] keys)
    {
        var responses = await Cache.GetOrCreateManyAsync(keys, Minute, _asked, static (asked, keys, _) =>
        {
            asked.Enqueue([.. keys]);
            return Answer([.. keys.Select(key => (key, new SourceResponse(Encoding.UTF8.GetBytes($"of {key}"))))]);
        });
        return [.. responses.Select(response =>
        {
            using (response)
            {
                return Encoding.UTF8.GetString(response.Body.Span);
            }
        })];
    }

    private void AssertAsked(string[] keys)
    {
        Assert.That(_asked, Has.Count.EqualTo(1), "the source is asked once");
        Assert.That(_asked.Single(), Is.EquivalentTo(keys));
    }

    private static ValueTask<IReadOnlyDictionary<string, SourceResponse>> Nothing(
        int state, IReadOnlyList<string> keys, CancellationToken token) => Answer();

    private static ValueTask<IReadOnlyDictionary<string, SourceResponse>> Answer(params (string Key, SourceResponse Response)[] answers) =>
        new(answers.ToDictionary(answer => answer.Key, answer => answer.Response));

    private sealed class LentBody(string text) : IDisposable
    {
        public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(text);

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
