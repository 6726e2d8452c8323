namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>A command that waits for its reply.</summary>
/// <param name="EndsAt">When its caller gives it up: a timestamp.</param>
/// <param name="Reply">Brings the reply.</param>
/// <param name="Miss">Lets the deadline pass.</param>
internal sealed record HeldMessage(long EndsAt, Action Reply, Action Miss);
