namespace RedisResilience.Caching.Invalidation;

/// <summary>What a removal removes.</summary>
internal enum RemovalKind
{
    Key = 0,
    Tag,
    Namespace,
}
