namespace RedisResilience.Caching.Entries;

/// <summary>A tag of an entry and the tag's version when the entry's load began.</summary>
internal readonly record struct EntryTag(string Name, long Version);
