namespace RedisResilience.Caching.Invalidation;

/// <summary>What a removal is of.</summary>
internal enum RemovalKind
{
    Key = 0,
    Tag,
    Namespace,
}
