namespace RedisResilience.Gateway;

/// <summary>The arguments of a script on a key and its side key: three integers, and bytes.</summary>
internal readonly record struct ContentArguments(long First, long Second, long Third, ReadOnlyMemory<byte> Content = default);
