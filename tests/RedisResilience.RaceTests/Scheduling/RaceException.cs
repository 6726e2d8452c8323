namespace RedisResilience.RaceTests.Scheduling;

/// <summary>What an interleaving has shown.</summary>
internal sealed class RaceException(string message, Exception? inner = null) : Exception(message, inner);
