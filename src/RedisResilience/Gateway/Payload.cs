namespace RedisResilience.Gateway;

/// <summary>The bytes under a key, in a buffer that goes back to its owner, or no bytes.</summary>
internal readonly record struct Payload(bool Exists, ReadOnlyMemory<byte> Bytes, IDisposable? Owner);
