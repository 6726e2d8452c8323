namespace RedisResilience.Dashboard.Serving;

/// <summary>Data that does not change while the application runs.</summary>
internal sealed record About(
    string Application, string Environment, string Machine, int Process, string Version, long StartedAt, int MaximumLoads, int MaximumQueue,
    bool ShowsKeys, bool AllowsActions);
