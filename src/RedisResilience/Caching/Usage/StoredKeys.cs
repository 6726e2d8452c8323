using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Usage;

/// <summary>What this process stores, by namespace, and the bound on how many different keys. Begins anew each hour: keys come and go.</summary>
internal sealed class StoredKeys(RedisResilienceOptions options, TimeProvider timeProvider, ILogger? logger = null) : ICacheUsage
{
    private const int MaximumNamespaces = 64;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private Period _period = new(timeProvider.GetTimestamp());

    public IReadOnlyList<NamespaceUsage> Namespaces => [.. Current().Counts.Values.Select(count => count.Usage(options.NamespaceBudget))];

    /// <summary>Counts an entry that is about to be stored. False when it is not to be, for there are too many keys.</summary>
    public bool TryAdd(string key, int size)
    {
        var name = NamespaceRules.TryFind(key, out var length, out _) ? key.AsSpan(0, length) : [];
        var isAdmitted = Find(Current().Counts, name).TryAdd(key, size, out var isFirst);
        if (isFirst)
        {
            Log.TooManyKeys(_logger, name.ToString(), options.MaximumKeysPerNamespace);
        }

        return isAdmitted;
    }

    private NamespaceCount Find(ConcurrentDictionary<string, NamespaceCount> counts, ReadOnlySpan<char> name)
    {
        if (counts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var count))
        {
            return count;
        }

        // Of more than that nobody wants to read: they are counted as one.
        var text = counts.Count < MaximumNamespaces ? name.ToString() : "";
        return counts.GetOrAdd(text, static (text, most) => new NamespaceCount(text, most), options.MaximumKeysPerNamespace);
    }

    private Period Current()
    {
        var period = Volatile.Read(ref _period);
        if (timeProvider.GetElapsedTime(period.BeganAt) < Hour)
        {
            return period;
        }

        var next = new Period(timeProvider.GetTimestamp());
        return Interlocked.CompareExchange(ref _period, next, period) == period ? next : Volatile.Read(ref _period);
    }

    private sealed class Period(long beganAt)
    {
        public long BeganAt { get; } = beganAt;

        public ConcurrentDictionary<string, NamespaceCount> Counts { get; } = new(StringComparer.Ordinal);
    }
}
