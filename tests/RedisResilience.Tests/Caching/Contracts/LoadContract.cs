using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Contracts;

/// <summary>No wait for another's work is without an end, and what a load does inside itself is a part of it: with Redis and
/// without.</summary>
internal abstract class LoadContract
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));
    private static readonly CacheEntryOptions Impatient = Minute with { MaximumFillWait = TimeSpan.FromMilliseconds(200) };

    /// <summary>An empty cache.</summary>
    protected abstract Task<IResponseCache> CreateAsync(Action<RedisResilienceOptions> configure);

    [Test]
    public async Task LoadThatAsksForItsOwnKey_IsAnswered()
    {
        var cache = await CreateAsync(static _ => { });
        var answer = await GetAsync(
            cache, "a:v1:a", Minute, async () => $"outer {await GetAsync(cache, "a:v1:a", Minute, static () => Task.FromResult("inner"))}");
        Assert.That(answer, Is.EqualTo("outer inner"));
    }

    [Test]
    public async Task LoadInsideAnotherThatAsksForTheOutersKey_IsAnswered()
    {
        var cache = await CreateAsync(static _ => { });
        var answer = await GetAsync(
            cache, "a", Minute, () =>
                GetAsync(cache, "b", Minute, async () => $"b {await GetAsync(cache, "a", Minute, static () => Task.FromResult("a"))}"));
        Assert.That(answer, Is.EqualTo("b a"));
    }

    [Test]
    public async Task LoadThatAsksForItselfWithoutAnEnd_Fails()
    {
        var cache = await CreateAsync(static _ => { });
        Task<string> EndlessAsync() => GetAsync(cache, "a", Minute, async () =>
        {
            await Task.Yield();
            return await EndlessAsync();
        });
        if (cache is not NoOpResponseCache)
        {
            await Assert.ThatAsync(() => EndlessAsync().WaitAsync(Patience.Limit), Throws.InvalidOperationException);
        }
    }

    [Test]
    public async Task TwoLoadsThatWaitForEachOther_AreAnswered()
    {
        var cache = await CreateAsync(static _ => { });
        var (hasA, hasB) = (new TaskCompletionSource(), new TaskCompletionSource());
        async Task<string> CrossAsync(string own, string other, TaskCompletionSource begun, Task otherBegun) =>
            await GetAsync(cache, own, Impatient, async () =>
        {
            begun.TrySetResult();
            await otherBegun;
            return $"{own} with {await GetAsync(cache, other, Impatient, () => Task.FromResult($"{other} alone"))}";
        });

        var answers = await Task.WhenAll(
            CrossAsync("a", "b", hasA, hasB.Task), CrossAsync("b", "a", hasB, hasA.Task)).WaitAsync(Patience.Limit);
        Assert.That(answers[0], Does.StartWith("a with b"));
        Assert.That(answers[1], Does.StartWith("b with a"));
    }

    [TestCase(1)]
    [TestCase(16)]
    public async Task LoadsThatHoldAllPermits_AndAskForWhatSomebodyElseLoads_AreAnswered(int permits)
    {
        var cache = await CreateAsync(options => options.MaximumConcurrentLoads = permits);
        var (begun, mayAsk) = (new CountdownEvent(permits), new TaskCompletionSource());
        var pages = Enumerable.Range(0, permits).Select(page => GetAsync(cache, $"page{page}", Minute, async () =>
        {
            begun.Signal();
            await mayAsk.Task;
            return await GetAsync(cache, "fragment", Minute, static () => Task.FromResult("fragment"));
        })).ToArray();
        await Task.Run(() => begun.Wait(Patience.Limit));

        // Of its own, with no permit left: it queues, and the pages join it.
        var outside = GetAsync(
            cache, "fragment", Minute with { MaximumFillWait = TimeSpan.FromMinutes(10) }, static () => Task.FromResult("fragment"));
        mayAsk.SetResult();
        Assert.That(await Task.WhenAll([.. pages, outside]).WaitAsync(Patience.Limit), Has.All.EqualTo("fragment"));
        begun.Dispose();
    }

    [Test]
    public async Task LoadThatTakesLong_IsWaitedForOnlyAsLongAsItsCallerSays()
    {
        var cache = await CreateAsync(static _ => { });
        var (hasBegun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = GetAsync(cache, "key", Minute, async () =>
        {
            hasBegun.SetResult();
            await mayEnd.Task;
            return "slow";
        });
        await hasBegun.Task.WaitAsync(Patience.Limit);
        Assert.That(
            await GetAsync(cache, "key", Impatient, static () => Task.FromResult("own")).WaitAsync(Patience.Limit), Is.EqualTo("own"));
        mayEnd.SetResult();
        Assert.That(await slow.WaitAsync(Patience.Limit), Is.EqualTo("slow"));
    }

    [Test]
    public async Task TurnThatDoesNotCome_IsWaitedForOnlyAsLongAsItsCallerSays()
    {
        var cache = await CreateAsync(static options => options.MaximumConcurrentLoads = 1);
        var (hasBegun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = GetAsync(cache, "one", Minute, async () =>
        {
            hasBegun.SetResult();
            await mayEnd.Task;
            return "slow";
        });
        await hasBegun.Task.WaitAsync(Patience.Limit);
        var other = GetAsync(cache, "other", Impatient, static () => Task.FromResult("other")).WaitAsync(Patience.Limit);
        if (cache is NoOpResponseCache)
        {
            Assert.That(await other, Is.EqualTo("other"), "it has no bound on loads: the other has its turn at once");
        }
        else
        {
            await Assert.ThatAsync(() => other, Throws.InstanceOf<SourceOverloadedException>());
        }

        mayEnd.SetResult();
        Assert.That(await slow.WaitAsync(Patience.Limit), Is.EqualTo("slow"));
    }

    [Test]
    public async Task LeaseOfMonths_IsTaken()
    {
        var cache = await CreateAsync(static _ => { });
        var options = Minute with
        {
            LeaseTime = TimeSpan.FromDays(150),
            MaximumLoadTime = TimeSpan.FromDays(300),
            MaximumFillWait = TimeSpan.FromDays(365)
        };
        Assert.That(await GetAsync(cache, "key", options, static () => Task.FromResult("body")), Is.EqualTo("body"));
    }

    /// <summary>Red where fewer may wait for the source than a burst has.</summary>
    [Test]
    public async Task ThousandsOfMissesAtOnce_AreAllAnswered()
    {
        var cache = await CreateAsync(static _ => { });
        var (mayEnd, patient) = (new TaskCompletionSource(), Minute with { MaximumFillWait = TimeSpan.FromMinutes(10) });
        var answers = Enumerable.Range(0, 5000).Select(key => GetAsync(cache, $"single:{key}", patient, async () =>
        {
            await mayEnd.Task;
            return $"{key}";
        })).ToArray();
        mayEnd.SetResult();
        Assert.That(await Task.WhenAll(answers), Is.EqualTo(Enumerable.Range(0, 5000).Select(static key => $"{key}")));
    }

    [Test]
    public async Task ManyMissingKeys_AreOneQuestion()
    {
        var cache = await CreateAsync(static _ => { });
        var questions = 0;
        var responses = await cache.GetOrCreateManyAsync(
            [.. Enumerable.Range(0, 2000).Select(static key => $"many:{key}")], Minute, 0, (_, keys, _) =>
        {
            Interlocked.Increment(ref questions);
            return new ValueTask<IReadOnlyDictionary<string, SourceResponse>>(
                keys.ToDictionary(static key => key, static key => new SourceResponse(Encoding.UTF8.GetBytes(key))));
        });
        Assert.That(responses.Select(static response => Encoding.UTF8.GetString(response.Body.Span)), Is.EqualTo(
            Enumerable.Range(0, 2000).Select(static key => $"many:{key}")));
        Assert.That(questions, Is.EqualTo(1));
    }

    private static async Task<string> GetAsync(IResponseCache cache, string key, CacheEntryOptions options, Func<Task<string>> source)
    {
        using var response = await cache.GetOrCreateAsync(
            key, options, source, static async (source, _) => new SourceResponse(Encoding.UTF8.GetBytes(await source()))).AsTask()
                .WaitAsync(Patience.Limit);
        return Encoding.UTF8.GetString(response.Body.Span);
    }
}
