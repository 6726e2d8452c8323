using System.Net.Security;
using Moq;
using RedisResilience.Gateway.Connection;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Connection;

/// <summary>The client in use still has what it does not publish: a version that renames it shows here, and not in a log.</summary>
internal sealed class ClientInternalsTests
{
    [Test]
    public async Task ConfigurationOfAConnection_IsRead()
    {
        // Nobody listens there, and nobody needs to.
        var configuration = ConfigurationOptions.Parse("127.0.0.1:1,abortConnect=false,connectTimeout=50,connectRetry=0,name=mine");
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);

        Assert.That(ClientInternals.ConfigurationOf(multiplexer)?.ClientName, Is.EqualTo("mine"));
    }

    [Test]
    public void MultiplexerOfAnotherKind_HasNoneThatIsKnown() =>
        Assert.That(ClientInternals.ConfigurationOf(Mock.Of<IConnectionMultiplexer>()), Is.Null);

    [Test]
    public void CertificateCheck_IsTheOneThatWasSet()
    {
        RemoteCertificateValidationCallback check = static (_, _, _, errors) => errors == SslPolicyErrors.None;
        var configuration = new ConfigurationOptions();
        Assert.That(ClientInternals.CertificateCheckOf(configuration), Is.Null);

        configuration.CertificateValidation += check;

        Assert.That(ClientInternals.CertificateCheckOf(configuration), Is.SameAs(check));
    }
}
