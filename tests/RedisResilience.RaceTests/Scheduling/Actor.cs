namespace RedisResilience.RaceTests.Scheduling;

/// <summary>One of those who go on by turns. It has a thread once it has begun.</summary>
internal sealed class Actor(Action work)
{
    /// <summary>What it does; null once it has begun.</summary>
    public Action? Work { get; set; } = work;

    /// <summary>Where it waits for its turn in the middle of its work.</summary>
    public SemaphoreSlim Turn { get; } = new(0);
}
