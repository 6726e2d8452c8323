using RedisResilience.Caching;

namespace RedisResilience.Mongo.Following;

/// <summary>Removes many entries at once: on their way together, and no more than a hundred at a time.</summary>
internal sealed class Invalidation(IResponseCache cache)
{
    private const int AtOnce = 100;

    /// <returns>Whether it is certain that all of them are gone.</returns>
    public async ValueTask<bool> ApplyAsync(IReadOnlyCollection<string> keys, IReadOnlyCollection<string> tags, CancellationToken cancellationToken)
    {
        var areGone = true;
        foreach (var some in keys.Select(key => (key, IsTag: false)).Concat(tags.Select(tag => (key: tag, IsTag: true))).Chunk(AtOnce))
        {
            var removals = some.Select(one => RemoveAsync(one.key, one.IsTag, cancellationToken)).ToArray();
            areGone &= (await Task.WhenAll(removals).ConfigureAwait(false)).All(isGone => isGone);
        }

        return areGone;
    }

    private Task<bool> RemoveAsync(string name, bool isTag, CancellationToken cancellationToken) =>
        isTag ? cache.RemoveByTagAsync(name, cancellationToken).AsTask() : cache.RemoveAsync(name, cancellationToken).AsTask();
}
