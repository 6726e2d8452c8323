using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerCountingTests(ServerKind kind) : CountingContract
{
    private JudgedLimiter _judged = null!;

    protected override IRateLimiter Limiter => _judged.Limiter;

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind, Clock, Clock);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();
}
