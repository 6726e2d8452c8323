using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Reads of a source that changes, through the cache, and its invalidations: by key, and by tag.</summary>
internal sealed class ChaosReads
{
    private const int Keys = 40;
    private const int Tags = 4;

    // What is known of a tag's version is good for so long; from then on, an acknowledged removal holds everywhere.
    private static readonly TimeSpan TagAge = new RedisResilienceOptions().MaximumVersionAge + TimeSpan.FromMilliseconds(50);
    private static readonly CacheEntryOptions Plain = new(TimeSpan.FromSeconds(30));
    private static readonly CacheEntryOptions[] Tagged = [.. Enumerable.Range(0, Tags).Select(tag => Plain with { Tags = [TagOf(tag)] })];

    public SourceOfTruth Source { get; } = new();

    // Each process has a truth of its own, and so keys.
    public static string KeyOf(int number) => $"predictions{Environment.ProcessId}:v1:{number % Keys}";

    public Task ReadAsync(ResilientService node, int number) => ReadAsync(node, KeyOf(number), Plain, KeyOf(number));

    /// <summary>An entry with a tag holds the version of the tag.</summary>
    public Task ReadTaggedAsync(ResilientService node, int number) =>
        ReadAsync(node, $"tagged{Environment.ProcessId}:{number % Keys}", Tagged[number % Tags], TagOf(number));

    public async Task RemoveAsync(ResilientService node, int number)
    {
        var version = Source.Change(KeyOf(number));
        if (await node.Cache.RemoveAsync(KeyOf(number)))
        {
            Source.Acknowledge(KeyOf(number), version);
        }
    }

    public async Task RemoveTagAsync(ResilientService node, int number)
    {
        var version = Source.Change(TagOf(number));
        if (await node.Cache.RemoveByTagAsync(TagOf(number)))
        {
            _ = AcknowledgeAsync(TagOf(number), version);
        }
    }

    private static string TagOf(int number) => $"tag{Environment.ProcessId}:{number % Tags}";

    private async Task ReadAsync(ResilientService node, string key, CacheEntryOptions options, string fact)
    {
        var oldestAllowed = Source.OldestAllowed(fact);
        using var response = await node.Cache.GetOrCreateAsync(
            key, options, (Source, fact), static async (state, _) => new SourceResponse(await state.Source.ReadAsync(state.fact)));
        Source.Check(response.Body, oldestAllowed);
    }

    private async Task AcknowledgeAsync(string tag, long version)
    {
        await Task.Delay(TagAge, TimeProvider.System);
        Source.Acknowledge(tag, version);
    }
}
