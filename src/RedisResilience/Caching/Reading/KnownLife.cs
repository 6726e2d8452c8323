namespace RedisResilience.Caching.Reading;

/// <summary>How long a key had left to live by the server's clock, and when it was asked. Good for a second: somebody may have given it
/// another end.</summary>
/// <param name="IsKnown">Whether it was asked and answered.</param>
/// <param name="Left">Null for a key without an end.</param>
/// <param name="AskedAt">Before the question was sent, so that what is said to be left later is never too much.</param>
internal readonly record struct KnownLife(bool IsKnown, TimeSpan? Left, long AskedAt)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    /// <summary>Whether it need not be asked again; and if so, how long is left.</summary>
    public bool TryGet(long now, TimeProvider timeProvider, out TimeSpan? left)
    {
        left = null;
        if (!IsKnown || timeProvider.GetElapsedTime(AskedAt, now) is var elapsed && elapsed > Memory)
        {
            return false;
        }

        left = Left - elapsed;
        return left is null || left > TimeSpan.Zero;
    }
}
