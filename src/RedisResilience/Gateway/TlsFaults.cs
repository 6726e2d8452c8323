using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace RedisResilience.Gateway;

/// <summary>
/// Finds in the platform's exceptions why a TLS handshake failed, and says it in plain words instead of the platform's flags.
/// </summary>
internal static class TlsFaults
{
    public static Fault Classify(AuthenticationException exception)
    {
        var text = exception.GetBaseException().Message + exception.Message;
        return Says(text, nameof(SslPolicyErrors.RemoteCertificateNameMismatch)) ? Fault.CertificateOfAnotherHost
            : Says(text, nameof(X509ChainStatusFlags.NotTimeValid)) ? Fault.CertificateExpired
            : Says(text, nameof(X509ChainStatusFlags.UntrustedRoot)) || Says(text, nameof(X509ChainStatusFlags.PartialChain))
                ? Fault.CertificateUntrusted
            : Says(text, "certificate") ? Fault.CertificateRefused
            : Fault.TlsFailed;
    }

    /// <summary>
    /// Whether the server has ended the connection because of the client certificate. With TLS 1.3 it reports that only after the
    /// handshake.
    /// </summary>
    public static bool IsOfClientCertificate(Exception exception) =>
        exception.GetBaseException().Message is var text
            && (Says(text, "certificate required") || Says(text, "alert unknown ca") || Says(text, "alert bad certificate"));

    private static bool Says(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
