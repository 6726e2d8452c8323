namespace RedisResilience.Caching;

/// <summary>The coding of a body's bytes (RFC 9110, section 8.4).</summary>
public enum ContentEncoding
{
    /// <summary>No coding: the bytes are the body itself.</summary>
    Identity = 0,

    /// <summary><c>gzip</c> (RFC 1952).</summary>
    Gzip = 1,

    /// <summary><c>br</c> (RFC 7932).</summary>
    Brotli = 2,
}
