using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>
/// Records why a custom certificate check refuses a certificate, in the platform's words. Without it, only the refusal is known.
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
