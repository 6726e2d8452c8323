namespace RedisResilience.Caching;

/// <summary>What this process has stored in one namespace since the present hour of counting began. It begins with the process, and anew when it is over.</summary>
/// <param name="Namespace">Such as <c>predictions:v1</c>; empty for all keys without one together, and for those of namespaces beyond the 64th.</param>
/// <param name="Keys">How many different keys, about: up to some percent too few.</param>
/// <param name="Bytes">How many bytes of entries, as they were sent: one that was stored twice counts twice, and one that has ended still counts.</param>
/// <param name="IsFull">Whether new keys are not stored any more (<see cref="RedisResilienceOptions.MaximumKeysPerNamespace"/>).</param>
/// <param name="IsOverBudget">Whether the bytes are more than <see cref="RedisResilienceOptions.NamespaceBudget"/>.</param>
public readonly record struct NamespaceUsage(string Namespace, long Keys, long Bytes, bool IsFull, bool IsOverBudget);
