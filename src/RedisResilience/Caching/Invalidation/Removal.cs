namespace RedisResilience.Caching.Invalidation;

/// <summary>Something to be removed.</summary>
internal readonly record struct Removal(RemovalKind Kind, string Name)
{
    public static Removal OfKey(string key) => new(RemovalKind.Key, key);

    public static Removal OfTag(string tag) => new(RemovalKind.Tag, tag);

    public static Removal OfNamespace(string name) => new(RemovalKind.Namespace, name);

    /// <summary>The whole cache.</summary>
    public static Removal OfAll { get; } = new(RemovalKind.Namespace, Namespaces.All);

    /// <summary>Removes the namespace of a key, or the whole cache for a key without one.</summary>
    public static Removal OfNamespaceOf(string key) =>
        NamespaceRules.TryFind(key, out var length, out _) ? OfNamespace(key[..length]) : OfAll;
}
