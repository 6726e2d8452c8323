using System.Net.Security;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// What the client knows and does not publish. Null where a version of it has it no more: then less can be told to people, and nothing else
/// changes.
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
