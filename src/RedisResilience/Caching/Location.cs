using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching;

/// <summary>Where an entry stands, under the version of its namespace, and what was found there.</summary>
internal readonly record struct Location(string Key, ReadResult ReadResult);
