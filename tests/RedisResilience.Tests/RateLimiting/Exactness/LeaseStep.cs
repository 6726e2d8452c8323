namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>What a step of a schedule of leases does.</summary>
internal enum LeaseAct
{
    Acquire,
    UpTo,

    /// <summary>The node renews what it holds.</summary>
    Renew,

    /// <summary>A holder gives its lease back.</summary>
    Release,

    /// <summary>The node forgets what it holds, as if it had crashed.</summary>
    Crash,

    /// <summary>Somebody sets the clock that judges back, or forth.</summary>
    SetClock,
}

/// <summary>One step of a schedule of leases.</summary>
/// <param name="Act">What is done.</param>
/// <param name="Eighths">How many eighths of the lease time pass before; of a clock that is set, by how many eighths less four it
/// steps.</param>
/// <param name="Moment">Microseconds more or fewer than that.</param>
/// <param name="Number">How many permits, or which lease.</param>
internal readonly record struct LeaseStep(LeaseAct Act, int Eighths, int Moment, int Number);
