namespace RedisResilience.RateLimiting.Requests;

/// <summary>The queues of this process: one for each limit and key, as long as a caller waits for it.</summary>
internal sealed class WaitLines
{
    private readonly Dictionary<(string? Limit, string Key), WaitLine> _lines = [];
    private readonly Lock _lock = new();

    /// <summary>A place behind waiting callers. Null when no caller waits.</summary>
    public WaitingCall? JoinIfThere(RateLimit limit, string key)
    {
        lock (_lock)
        {
            return _lines.TryGetValue((limit.Name, key), out var line) ? line.Join() : null;
        }
    }

    /// <summary>A place at the end of the queue for a denied caller.</summary>
    public WaitingCall Join(RateLimit limit, string key, KnownDenial denial)
    {
        var id = (limit.Name, key);
        lock (_lock)
        {
            if (!_lines.TryGetValue(id, out var line))
            {
                _lines[id] = line = new WaitLine(_lock, () => _lines.Remove(id), denial);
            }

            return line.Join();
        }
    }
}
