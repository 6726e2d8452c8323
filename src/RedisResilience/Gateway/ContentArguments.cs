namespace RedisResilience.Gateway;

/// <summary>What a script on a key and its side key takes: three integers, and bytes.</summary>
internal readonly record struct ContentArguments(long First, long Second, long Third, ReadOnlyMemory<byte> Content = default);
