using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// Makes a check of certificates that is not the platform's own say why it refuses one, in the platform's words: otherwise only that it did
/// is known.
/// </summary>
internal static class CertificateReasons
{
    public static void Tell(ConfigurationOptions options)
    {
        if (ClientInternals.CertificateCheckOf(options) is { } check)
        {
            options.CertificateValidation -= check;
            options.CertificateValidation += (sender, certificate, chain, errors) =>
                check(sender, certificate, chain, errors) ? true : throw new AuthenticationException(Describe(chain, errors));
        }
    }

    private static string Describe(X509Chain? chain, SslPolicyErrors errors) =>
        $"The remote certificate was refused: {errors}, {string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? [])}.";
}
