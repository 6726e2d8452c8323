using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A certificate authority of the tests' own and what it issues, as files that redis-server reads.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("redisresilience-tls-").FullName;
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=RedisResilience tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _authority = request.CreateSelfSigned(Today.AddYears(-9), Today.AddYears(1));
        File.WriteAllText(AuthorityPath, _authority.ExportCertificatePem());
    }

    public string AuthorityPath => Path.Combine(_folder, "ca.crt");

    private static DateTimeOffset Today => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate of a server that listens on 127.0.0.1, or says that it is another.</summary>
    public X509Certificate2 Issue(string host = "127.0.0.1", bool isExpired = false)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var (from, to) = isExpired ? (Today.AddYears(-2), Today.AddYears(-1)) : (Today.AddDays(-1), Today.AddDays(30));
        using var issued = request.Create(_authority, from, to, RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>A server that speaks TLS alone. Who connects needs a certificate of this authority if
    /// <paramref name="asksForOne"/>.</summary>
    public async Task<TestServer> StartServerAsync(X509Certificate2 certificate, bool asksForOne = false)
    {
        var name = Path.Combine(_folder, certificate.Thumbprint);
        await File.WriteAllTextAsync($"{name}.crt", certificate.ExportCertificatePem());
        await File.WriteAllTextAsync($"{name}.key", certificate.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem());
        var port = FreePort.Next();
        return await TestServer.StartAtAsync(
            port,
            "--port", "0", "--tls-port", $"{port}", "--tls-cert-file", $"{name}.crt", "--tls-key-file", $"{name}.key",
            "--tls-ca-cert-file", AuthorityPath, "--tls-auth-clients", asksForOne ? "yes" : "no");
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
