namespace RedisResilience.Caching;

/// <summary>
/// What this process has stored in one namespace since it started. An entry counts until it expires, even if it was removed before.
/// </summary>
/// <param name="Namespace">
/// The namespace, such as <c>predictions:v1</c>. Empty for all keys without a namespace, for tags, and for namespaces beyond the 64th.
/// </param>
/// <param name="Keys">The number of different keys.</param>
/// <param name="Bytes">The number of bytes of the bodies, as the source gave them.</param>
public readonly record struct NamespaceUsage(string Namespace, long Keys, long Bytes);
