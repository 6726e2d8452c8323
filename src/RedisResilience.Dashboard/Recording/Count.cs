namespace RedisResilience.Dashboard.Recording;

/// <summary>How often something happened within a second, with the values of its tags, empty where it has fewer.</summary>
internal readonly record struct Count(string First, string Second, string Third, long Times);
