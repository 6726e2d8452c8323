using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.RateLimiting;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

/// <summary>The limiter's contract of calendar quotas.</summary>
[NeedsMongo(5)]
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
internal sealed class CalendarCountingTests(MongoKind kind) : CountingContract
{
    private QuotaDeployment _deployment = null!;

    public static new IEnumerable<RateLimit> LimitsOfThree =>
        [RateLimit.FixedWindow(3, TimeSpan.FromHours(1)), RateLimit.FixedWindow(3, TimeSpan.FromHours(1)).WithPrefetch(2)];

    public static new IEnumerable<RateLimit> AndConcurrency => LimitsOfThree;

    protected override IRateLimiter Limiter => new CalendarLimiter(_deployment.Quota);

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

    // A year ends when it ends, whatever a limit says of hours.
    protected override bool Counts(RateLimit limit) => false;
}
