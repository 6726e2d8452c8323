using RedisResilience.AspNetCore;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.AspNetCore.Adapters;

/// <summary>Callers that block a thread of the pool, as many at once as would else leave nobody to end their calls.</summary>
public sealed class SynchronousCallerTests
{
    [Test]
    public async Task ManyAtOnce_AreAllAnswered()
    {
        const int Callers = 80;
        var cache = new FakeCache { ReadGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        var adapter = new DistributedCacheAdapter(
            cache, new RedisResilienceDistributedCacheOptions(), TimeSpan.FromSeconds(4), TimeProvider.System);
        await adapter.SetAsync("key", [1], new());
        ThreadPool.GetMinThreads(out var before, out _);
        using var begun = new CountdownEvent(Callers);

        var answers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() =>
        {
            begun.Signal();
            return adapter.Get("key");
        })).ToArray();

        // All of them block a thread before any is answered: only threads that are added at once let the last one begin soon.
        Assert.That(begun.Wait(TimeSpan.FromSeconds(20)), Is.True);
        cache.ReadGate.SetResult();
        await Task.WhenAll(answers).WaitAsync(Patience.Limit);

        Assert.That(answers.Select(answer => answer.Result), Is.All.EqualTo(new byte[] { 1 }));
        ThreadPool.GetMinThreads(out var after, out _);
        Assert.That(after, Is.EqualTo(before), "what was raised is lowered again");
    }
}
