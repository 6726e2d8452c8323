namespace RedisResilience.Mongo.Following;

/// <summary> Removes many entries. It sends more removals at once while Redis answers quickly, and fewer when Redis is slow. </summary>
internal sealed class Removals(IResponseCache cache, TimeProvider time)
{
    private const int Fewest = 10;
    private const int Most = 1000;
    private const int MostInVain = 3;

    // A fraction of Redis' own deadline, of which every removal has its own.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    /// <summary>How many are sent at once.</summary>
    public int AtOnce { get; private set; } = 100;

    /// <summary>
    /// Only removals that were not acknowledged are sent again, as long as some are acknowledged, or fewer could be sent at once.
    /// </summary>
    /// <returns>Whether it is certain that all entries are removed.</returns>
    public async ValueTask<bool> ApplyAsync(IEnumerable<string> keys, IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        var left = new Queue<(string Name, bool IsTag)>([.. keys.Select(key => (key, false)), .. tags.Select(tag => (tag, true))]);
        for (var inVain = 0; left.Count > 0 && inVain < MostInVain;)
        {
            var startedAt = time.GetTimestamp();
            var some = new List<(string Name, bool IsTag)>(AtOnce);
            while (some.Count < AtOnce && left.TryDequeue(out var one))
            {
                some.Add(one);
            }

            var areGone = await Task.WhenAll(some.Select(one => RemoveAsync(one.Name, one.IsTag, cancellationToken))).ConfigureAwait(false);
            foreach (var (one, _) in some.Zip(areGone).Where(removal => !removal.Second))
            {
                left.Enqueue(one);
            }

            inVain = areGone.Contains(true) || AtOnce > Fewest ? 0 : inVain + 1;
            Adapt(areGone.Contains(false), some.Count, time.GetElapsedTime(startedAt));
        }

        return left.Count == 0;
    }

    private void Adapt(bool isTooMuch, int sent, TimeSpan took)
    {
        AtOnce = isTooMuch || took > Slow ? Math.Max(Fewest, AtOnce / 2)
            : took < Quick && sent == AtOnce ? Math.Min(Most, AtOnce * 2)
            : AtOnce;
    }

    private Task<bool> RemoveAsync(string name, bool isTag, CancellationToken cancellationToken) =>
        isTag ? cache.RemoveByTagAsync(name, cancellationToken).AsTask() : cache.RemoveAsync(name, cancellationToken).AsTask();
}
