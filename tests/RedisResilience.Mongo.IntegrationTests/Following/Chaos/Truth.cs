using System.Collections.Concurrent;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>What was written when, and with that how old a value is that somebody reads.</summary>
internal sealed class Truth
{
    private static readonly TimeSpan Never = TimeSpan.Zero;

    private readonly ConcurrentDictionary<string, string?> _current = new();
    private readonly ConcurrentDictionary<(string Id, string Value), long> _overwrittenAt = new();
    private long _longest;
    private int _changes;
    private int _reads;

    public int Changes => Volatile.Read(ref _changes);

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The longest time for which a value was still read after MongoDB had acknowledged another.</summary>
    public TimeSpan LongestStaleness => TimeSpan.FromTicks(Volatile.Read(ref _longest));

    /// <summary>MongoDB has acknowledged a value, or that there is none. Of one writer only, and no value twice.</summary>
    public void Written(string id, string? value)
    {
        if (_current.GetValueOrDefault(id) is { } before)
        {
            _overwrittenAt.TryAdd((id, before), TimeProvider.System.GetTimestamp());
        }

        _current[id] = value;
        Interlocked.Increment(ref _changes);
    }

    /// <summary>Somebody who began to read then has read that.</summary>
    public void Read(string id, string? text, long beganAt)
    {
        Interlocked.Increment(ref _reads);
        var value = text?.Split('"')[3];
        var staleness = value is not null && _overwrittenAt.TryGetValue((id, value), out var since) && since < beganAt
            ? TimeProvider.System.GetElapsedTime(since, beganAt)
            : Never;
        var longest = Volatile.Read(ref _longest);
        while (staleness.Ticks > longest)
        {
            longest = Interlocked.CompareExchange(ref _longest, staleness.Ticks, longest);
        }
    }
}
