namespace RedisResilience.Caching;

/// <summary>
/// What this process has stored in one namespace and not outlived. It begins with the process; what was removed counts until it would have
/// ended.
/// </summary>
/// <param name="Namespace">
/// Such as <c>predictions:v1</c>; empty for all keys without one together, for tags, and for what is in namespaces beyond the 64th.
/// </param>
/// <param name="Keys">How many different keys.</param>
/// <param name="Bytes">How many bytes of bodies, as the source gave them.</param>
public readonly record struct NamespaceUsage(string Namespace, long Keys, long Bytes);
