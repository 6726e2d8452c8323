using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>The limiter's contract, counted in MongoDB: call by call, and with permits leased to Redis.</summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
internal sealed class QuotaCountingTests(MongoKind kind) : CountingContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private QuotaDeployment _deployment = null!;

    public static new IEnumerable<RateLimit> LimitsOfThree =>
    [
        RateLimit.FixedWindow(3, Hour),
        RateLimit.SlidingWindow(3, Hour),
        RateLimit.FixedWindow(3, Hour).WithPrefetch(2),
        RateLimit.SlidingWindow(3, Hour).WithPrefetch(2),

    ];

    public static new IEnumerable<RateLimit> AndConcurrency => LimitsOfThree;

    protected override IRateLimiter Limiter => _deployment.Quota;

    [OneTimeSetUp]
    public async Task Connect() =>
        _deployment = await QuotaDeployment.StartAsync(await MongoServers.ConnectionStringAsync(kind), await RedisServer.SharedAsync());

    [OneTimeTearDown]
    public async Task Disconnect()
    {
        if (_deployment is not null)
        {
            await _deployment.DisposeAsync();
        }
    }

    protected override bool Counts(RateLimit limit) => limit is FixedWindow or SlidingWindow;
}
