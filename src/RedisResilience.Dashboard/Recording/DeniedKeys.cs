using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>
/// How often each key was denied in the last five minutes. It has room for a thousand keys. Further keys are not listed until there is
/// room.
/// </summary>
internal sealed class DeniedKeys : IDisposable
{
    private const int MaximumKeys = 1000;
    private const int Listed = 10;
    private const int IdBytes = 8;

    private readonly ConcurrentDictionary<(string Key, string Policy), DenialCount> _counts = new();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly TimeProvider _timeProvider;
    private readonly IDisposable _watching;
    private int _size;

    public DeniedKeys(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _watching = DeniedCalls.Watch(Note);
    }

    /// <summary>The keys that are denied the most, the busiest first.</summary>
    public DeniedKey[] Busiest()
    {
        var now = _timeProvider.GetUtcNow();
        foreach (var (key, count) in _counts)
        {
            if (count.Sum(now) == 0 && _counts.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _size);
            }
        }

        return [.. _counts.OrderByDescending(pair => pair.Value.Sum(now)).Take(Listed).Select(pair => Describe(pair.Key, pair.Value, now))];
    }

    /// <summary>
    /// The key and the policy of a <see cref="DeniedKey.Id"/> that the page showed. Null when they are not stored any more.
    /// </summary>
    public (string Key, string Policy)? Find(string id)
    {
        foreach (var key in _counts.Keys)
        {
            if (IdOf(key) == id)
            {
                return key;
            }
        }

        return null;
    }

    public void Dispose() => _watching.Dispose();

    private void Note(DeniedCall call)
    {
        var key = (call.Key, call.Policy ?? "");
        if (!_counts.TryGetValue(key, out var count))
        {
            if (Volatile.Read(ref _size) >= MaximumKeys)
            {
                return;
            }

            // Two that come at once may both be counted: the bound is near enough.
            count = _counts.GetOrAdd(key, static _ => new DenialCount());
            Interlocked.Increment(ref _size);
        }

        count.Add(_timeProvider.GetUtcNow(), call.RetryAfter);
    }

    private DeniedKey Describe((string Key, string Policy) key, DenialCount count, DateTimeOffset now) =>
        new(IdOf(key), key.Key, key.Policy, count.Sum(now), count.Until);

    private string IdOf((string Key, string Policy) key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{key.Policy}\n{key.Key}")).AsSpan(0, IdBytes));
}
