namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>What a turn of a schedule of changes does.</summary>
internal enum TurnAct
{
    /// <summary>Asks for permits, all or none.</summary>
    Acquire,

    /// <summary>Asks for as many permits as there are.</summary>
    UpTo,

    /// <summary>Lets time pass.</summary>
    Pass,

    /// <summary>Waits for as long as the last denied call was told, and asks again.</summary>
    AskAsTold,

    /// <summary>Sets the clock back.</summary>
    Back,

    /// <summary>Sets the clock forth.</summary>
    Forth,

    /// <summary>Writes something else where the state stands, where that can be done.</summary>
    Spoil,
}

/// <summary>One turn of a schedule of changes.</summary>
/// <param name="Act">What it does.</param>
/// <param name="Limit">Which of the limits it asks.</param>
/// <param name="Permits">How many permits it asks for.</param>
/// <param name="Amount">How much time, or what kind of garbage.</param>
internal sealed record Turn(TurnAct Act, int Limit, int Permits, int Amount);
