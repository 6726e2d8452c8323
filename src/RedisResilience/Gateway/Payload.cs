namespace RedisResilience.Gateway;

/// <summary>The bytes under a key, in a buffer that its owner takes back; or none.</summary>
internal readonly record struct Payload(bool Exists, ReadOnlyMemory<byte> Bytes, IDisposable? Owner);
