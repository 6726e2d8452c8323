using RedisResilience.Caching;
using RedisResilience.Caching.Bulk;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Bulk;

/// <summary>However many keys a call has, the store is not asked for all at once; and one that is silent is waited for once.</summary>
internal sealed class StoreWindowTests
{
    private const int Keys = 2000;
    private const int AtATime = 128;

    // The versions of namespaces and of the whole cache.
    private const int Others = 16;

    private readonly SimulatedRedis _redis = new();
    private readonly PacedNetwork _network = new();

    [Test]
    public async Task ManyMissingKeys_AreAskedForAndStoredInTurns()
    {
        var questions = await LoadAsync();
        Assert.That(questions, Is.EqualTo(1));
        Assert.That(_network.Most, Is.LessThanOrEqualTo(AtATime + Others));
        await Eventually.BecomesTrueAsync(async () =>
        {
            _network.AnswerAll();
            return (await _redis.Store.ReadAsync(new EntryRead($"{Keys - 1}", 0, default))).Value.Payload.Exists;
        });
    }

    [Test]
    public async Task SilentStore_IsNotWaitedForInTurns()
    {
        _network.Fault = Fault.DeadlineExceeded;
        Assert.That(await LoadAsync(async () =>
        {
            // One of many has had no answer: all others are on their way.
            _network.AnswerAll();
            await Eventually.BecomesTrueAsync(() => _network.Held >= Keys - AtATime - Others);
        }), Is.EqualTo(1));
    }

    private async Task<int> LoadAsync(Func<Task>? begin = null)
    {
        var cache = Caches.Over(
            new SimulatedGateway(_redis, _network), timeProvider: _redis.Clock, options: new RedisResilienceOptions());
        var questions = 0;
        string[] keys = [.. Enumerable.Range(0, Keys).Select(static key => $"{key}")];
        var call = cache.GetOrCreateManyAsync(keys, new CacheEntryOptions(TimeSpan.FromMinutes(1)), 0, (_, missing, _) =>
        {
            Interlocked.Increment(ref questions);
            return new ValueTask<IReadOnlyDictionary<string, SourceResponse>>(
                missing.ToDictionary(static key => key, static key => SimulatedNode.Body(key)));
        }).AsTask();
        await (begin?.Invoke() ?? Task.CompletedTask);
        await Eventually.BecomesTrueAsync(() =>
        {
            _network.AnswerAll();
            return Task.FromResult(call.IsCompleted);
        });
        Assert.That((await call).Select(static response => response.HasBody), Has.All.True);
        return questions;
    }
}
