using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerWaitExactnessTests(ServerKind kind) : WaitExactnessContract
{
    private JudgedLimiter _judged = null!;

    protected override IPermitSource Permits => _judged.Limiter;

    protected override long Times => Rounds.Of(40, 1000);

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind, Clock);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();
}
