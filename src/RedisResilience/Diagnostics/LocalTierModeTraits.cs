namespace RedisResilience.Diagnostics;

/// <summary>The description of each mode for people.</summary>
internal static class LocalTierModeTraits
{
    public static string Describe(this LocalTierMode mode) => mode switch
    {
        LocalTierMode.Tracking => "the server tells of every change (CLIENT TRACKING)",
        LocalTierMode.Messages => "the processes of this application tell each other of changes (PUBLISH)",
        LocalTierMode.TimeToLiveAlone => "nothing tells of changes, entries are kept until the maximum staleness is over",
        LocalTierMode.Suspended => "suspended",
        _ => "off",
    };
}
