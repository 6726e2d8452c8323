namespace RedisResilience.Caching.Reading;

/// <summary>
/// Estimates how many readers of a key keep coming, and lets the next read wait for most of them, because a read that more of them share
/// costs less. The owner of the key holds a lock meanwhile.
/// </summary>
internal struct Crowd
{
    // Of fewer, a read more or less costs less than the wait.
    private const int Least = 8;

    // Where nobody came, it is not tried again with each read.
    private const int ReadsAfterVainWait = 16;

    private int _size;
    private int _expected;
    private int _pause;
    private long _since;

    /// <summary>Whether the next read waits.</summary>
    public readonly bool IsAwaited => _expected > 0;

    /// <summary>True when the next read must wait until two thirds of the crowd have gathered.</summary>
    /// <param name="told">How many callers the last read answered. They may come again.</param>
    /// <param name="gathered">How many have come since it was sent.</param>
    /// <param name="timeProvider">The clock.</param>
    public bool TryAwait(int told, int gathered, TimeProvider timeProvider)
    {
        // The most that were seen at once, less one for each read since: a single read sees only a part of them.
        _size = Math.Max(told + gathered, _size - 1);
        var expected = _size * 2 / 3;
        if (_size < Least || gathered >= expected || --_pause >= 0)
        {
            return false;
        }

        (_expected, _pause, _since) = (expected, 0, timeProvider.GetTimestamp());
        return true;
    }

    /// <summary>True, once, when the expected callers have come.</summary>
    public bool TryEnd(int gathered)
    {
        if (!IsAwaited || gathered < _expected)
        {
            return false;
        }

        _expected = 0;
        return true;
    }

    /// <summary>True, once, when the wait was in vain. The same callers are then not expected again.</summary>
    public bool TryGiveUp(TimeProvider timeProvider)
    {
        if (!IsAwaited || timeProvider.GetElapsedTime(_since) < CrowdTimer.Time)
        {
            return false;
        }

        (_size, _expected, _pause) = (0, 0, ReadsAfterVainWait);
        return true;
    }
}
