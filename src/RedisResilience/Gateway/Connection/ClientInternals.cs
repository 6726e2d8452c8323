using System.Net.Security;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// Reads non-public data of the Redis client. A value is null if a version of the client does not have it. Only messages are less precise
/// then.
/// </summary>
internal static class ClientInternals
{
    /// <summary>How a connection was made.</summary>
    public static ConfigurationOptions? ConfigurationOf(IConnectionMultiplexer multiplexer)
    {
        try
        {
            return multiplexer is ConnectionMultiplexer own ? RawConfig(own) : null;
        }
        catch (MissingMethodException)
        {
            return null;
        }
    }

    /// <summary>The check of the server's certificate that the application has set, or the client for a CA that was named to it.</summary>
    public static RemoteCertificateValidationCallback? CertificateCheckOf(ConfigurationOptions options)
    {
        try
        {
            return CertificateValidation(options);
        }
        catch (MissingMethodException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RawConfig")]
    private static extern ConfigurationOptions RawConfig(ConnectionMultiplexer multiplexer);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_CertificateValidationCallback")]
    private static extern RemoteCertificateValidationCallback? CertificateValidation(ConfigurationOptions options);
}
