using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Servers that speak TLS, with certificates that are right and wrong: each has its own reason.</summary>
public sealed class TlsTests
{
    private readonly TestCertificates _certificates = new();

    [OneTimeTearDown]
    public void Dispose() => _certificates.Dispose();

    [Test]
    public async Task OwnAuthority_IsTrusted([Values] bool byConfiguration)
    {
        using var certificate = _certificates.Issue();
        await using var server = await _certificates.StartServerAsync(certificate);
        await using var services = Connect(server, byConfiguration);

        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
    }

    [TestCase("127.0.0.1", false, false, "CertificateUntrusted")]
    [TestCase("elsewhere.test", false, true, "CertificateOfAnotherHost")]
    [TestCase("elsewhere.test", false, false, "CertificateOfAnotherHost")]
    [TestCase("127.0.0.1", true, true, "CertificateExpired")]
    [TestCase("127.0.0.1", true, false, "CertificateExpired")]
    public async Task WrongCertificate_HasItsOwnReason(string host, bool isExpired, bool isTrusted, string expected)
    {
        using var certificate = _certificates.Issue(host, isExpired);
        await using var server = await _certificates.StartServerAsync(certificate);
        await using var services = Connect(server, byConfiguration: true, isTrusted);

        var reason = Enum.Parse<Fault>(expected).Describe();
        await UntilReasonAsync(services, reason);

        // The status changes before its line is written.
        var log = services.GetFakeLogCollector();
        await Until.TrueAsync(
            () => log.GetSnapshot().Any(
                record => record.Id.Id == Log.UnavailableId && record.Message.Contains(reason, StringComparison.Ordinal)),
            () => string.Join('\n', log.GetSnapshot().Select(record => $"{record.Id.Id} {record.Message}")));
    }

    [Test]
    public async Task ClientCertificate_IsShownAndWithoutItTheReasonIsTold()
    {
        using var certificate = _certificates.Issue();
        await using var server = await _certificates.StartServerAsync(certificate, asksForOne: true);
        await using var without = Connect(server, byConfiguration: true);
        await UntilReasonAsync(without, Fault.ClientCertificateRefused.Describe());

        using var own = X509CertificateLoader.LoadPkcs12(_certificates.Issue("client.test").Export(X509ContentType.Pkcs12), null);
        await using var with = Connect(
            server, byConfiguration: true, change: options => options.CertificateSelection += (_, _, _, _, _) => own);
        await with.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
    }

    private static async Task UntilReasonAsync(ServiceProvider services, string reason)
    {
        var status = services.GetRequiredService<IRedisStatus>();
        await Until.TrueAsync(() => status.Current.Reason == reason, () => $"The reason is '{status.Current.Reason}' and not '{reason}'.");
    }

    private ServiceProvider Connect(
        TestServer server, bool byConfiguration, bool isTrusted = true, Action<ConfigurationOptions>? change = null)
    {
        var services = new ServiceCollection().AddFakeLogging();
        var connectionString = $"{server.ConnectionString},ssl=true";
        if (!byConfiguration)
        {
            return services.AddRedisResilience(connectionString, options => options.ConfigureConnection = own =>
            {
                own.TrustIssuer(_certificates.AuthorityPath);
                return Task.CompletedTask;
            }).Services.BuildServiceProvider();
        }

        var configuration = ConfigurationOptions.Parse(connectionString);
        if (isTrusted)
        {
            configuration.TrustIssuer(_certificates.AuthorityPath);
        }

        change?.Invoke(configuration);
        return services.AddRedisResilience(configuration).Services.BuildServiceProvider();
    }
}
