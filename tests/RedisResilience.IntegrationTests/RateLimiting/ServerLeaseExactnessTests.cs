using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.Tests;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerLeaseExactnessTests(ServerKind kind) : LeaseExactnessContract
{
    private JudgedLimiter _judged = null!;

    protected override IRateLimiter Limiter => _judged.Limiter;

    protected override ILeaseStore Store => _judged.Leases;

    protected override long Times => Rounds.Of(40, 1000);

    [OneTimeSetUp]
    public async Task Connect()
    {
        _judged = await JudgedLimiter.ConnectAsync(kind, Clock);

        // It renews no more.
        await _judged.Limiter.DisposeAsync();
    }

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();
}
