using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Upstream;

/// <summary>
/// What an API has said to this process, for use without Redis and while Redis is away. Its size is bounded: the statement that ends first
/// is dropped first.
/// </summary>
/// <param name="timeProvider">The clock.</param>
public sealed class InMemoryUpstreamQuota(TimeProvider timeProvider) : IUpstreamQuota
{
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private const int MostKeys = 10_000;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, UpstreamNotice> _notices = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public TimeSpan KnownWait(string key) =>
        _notices.TryGetValue(key, out var notice) && notice.Remaining <= 0 ? Left(notice) : TimeSpan.Zero;

    /// <inheritdoc/>
    public TimeSpan? TakeKnown(string key, int permits)
    {
        while (_notices.TryGetValue(key, out var notice))
        {
            var left = Left(notice);
            if (left <= TimeSpan.Zero)
            {
                _notices.TryRemove(new KeyValuePair<string, UpstreamNotice>(key, notice));
                return null;
            }

            if (notice.Remaining < Math.Max(permits, 1))
            {
                return left;
            }

            if (permits == 0 || _notices.TryUpdate(key, notice with { Remaining = notice.Remaining - permits }, notice))
            {
                return null;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask<TimeSpan?> TakeAsync(string key, int permits = 1, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<TimeSpan?>(TakeKnown(key, permits));
    }

    /// <inheritdoc/>
    public ValueTask<bool> AnnounceAsync(string key, int remaining, TimeSpan lastsFor, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(remaining);
        Note(key, remaining, lastsFor);
        return new ValueTask<bool>(false);
    }

    internal void Note(string key, int remaining, TimeSpan lastsFor)
    {
        if (lastsFor <= TimeSpan.Zero)
        {
            return;
        }

        var now = timeProvider.GetTimestamp();
        var notice = new UpstreamNotice(remaining, now + Ticks(lastsFor < Longest ? lastsFor : Longest));
        _notices.AddOrUpdate(key, static (_, given) => given.Notice, static (_, known, given) =>
            known.With(given.Notice, given.Now, given.Tolerance), (Notice: notice, Now: now, Tolerance: Ticks(Tolerance)));
        if (_notices.Count > MostKeys)
        {
            foreach (var first in _notices.OrderBy(known => known.Value.Until).Take(MostKeys / 10))
            {
                _notices.TryRemove(first);
            }
        }
    }

    private TimeSpan Left(in UpstreamNotice notice) => TimeSpan.FromSeconds((notice.Until - timeProvider.GetTimestamp()) / (
        double)timeProvider.TimestampFrequency) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);
}
