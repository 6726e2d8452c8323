namespace RedisResilience.Caching.Reading;

/// <summary>A key's wait for those who are expected to come before its next read is sent. Under the stripe's lock.</summary>
internal struct ReadWait
{
    // Where nobody came, it is not tried again with each read.
    private const int ReadsAfterVainWait = 16;

    private Crowd _crowd;
    private int _expected;
    private int _pause;
    private long _since;

    public readonly bool IsOn => _expected > 0;

    /// <summary>True when it pays to wait.</summary>
    public bool TryBegin(int told, int gathered, TimeProvider timeProvider)
    {
        _crowd.Observe(told, gathered);
        var expected = _crowd.Expected(gathered);
        if (expected == 0 || --_pause >= 0)
        {
            return false;
        }

        (_expected, _pause, _since) = (expected, 0, timeProvider.GetTimestamp());
        return true;
    }

    /// <summary>True when those who were waited for have come.</summary>
    public bool TryEnd(int gathered)
    {
        if (!IsOn || gathered < _expected)
        {
            return false;
        }

        _expected = 0;
        return true;
    }

    /// <summary>True when it has been too long.</summary>
    public bool TryGiveUp(TimeProvider timeProvider)
    {
        if (!IsOn || timeProvider.GetElapsedTime(_since) < GatheringLimit.Time)
        {
            return false;
        }

        (_expected, _pause) = (0, ReadsAfterVainWait);
        _crowd.Forget();
        return true;
    }
}
