using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerRefundTests(ServerKind kind) : RefundContract
{
    private JudgedLimiter _judged = null!;

    protected override IRateLimiter Limiter => _judged.Limiter;

    protected override long Times => Rounds.Of(20, 300);

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind, Clock, Clock);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();

    // A single fixed window has no clock but its key's remaining life.
    protected override async Task PassAsync(string key, RateLimit limit, TimeSpan time)
    {
        await base.PassAsync(key, limit, time);
        if (limit is FixedWindow && time >= limit.Window)
        {
            await _judged.Database.KeyDeleteAsync($"ratelimit::{key}");
        }
    }

    protected override async Task ReturnAsync(string key, RateLimit limit, PermitRequest request) =>
        Assert.That((await _judged.Counts.EvaluateAsync(key, limit, request, CancellationToken.None)).IsAnswered, Is.True);
}
