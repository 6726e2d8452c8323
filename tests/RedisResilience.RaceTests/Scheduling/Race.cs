namespace RedisResilience.RaceTests.Scheduling;

/// <summary>What several do at once, and what must be true whoever comes first.</summary>
internal abstract class Race
{
    /// <summary>Brings those together who take part.</summary>
    public abstract void Begin(Interleaving run);

    /// <summary>Looks at what has come of it when all have come to their ends.</summary>
    public virtual void Check()
    {
    }
}
