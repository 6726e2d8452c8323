using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Platform;
using RedisResilience.IntegrationTests.Sample;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>The platform's own middleware over real servers: two applications, one count.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class PlatformMiddlewareTests(ServerKind kind)
{
    private static readonly RateLimit Five = RateLimit.FixedWindow(5, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };
    private static readonly RateLimit Leased = RateLimit.FixedWindow(100_000, TimeSpan.FromHours(1)).WithPrefetch();

    [Test]
    public async Task Policy_AdmitsTheLimitOverAllApplicationsAndChargesOnce()
    {
        var server = await SharedServers.GetAsync(kind);
        var prefix = SharedServers.NewKey("platform");
        await using var first = await StartAsync(
            server.ConnectionString, prefix, services => services.AddRateLimiter(options => options.AddRedisPolicy("five", Five)));
        await using var second = await StartAsync(
            server.ConnectionString, prefix, services => services.AddRateLimiter(options => options.AddRedisPolicy("five", Five)));

        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 8; request++)
        {
            using var response = await (request % 2 == 0 ? first : second).Client.GetAsync(new Uri("/", UriKind.Relative));
            statuses.Add(response.StatusCode);
            Assert.That(response.Field("Retry-After"), response.IsSuccessStatusCode ? Is.Null : Is.EqualTo("3600").Or.EqualTo("3599"));
        }

        Assert.That(
            statuses, Is.EqualTo(Enumerable.Repeat(HttpStatusCode.OK, 5).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3))));
    }

    [Test]
    public async Task GlobalLimiter_OfOursIsChargedOncePerRequest()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var app = await StartAsync(server.ConnectionString, SharedServers.NewKey("platform"), services =>
        {
            services.AddRateLimiter(options => options.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
            services.AddOptions<RateLimiterOptions>().Configure<IRateLimiter>((options, limiter) =>
            {
                options.GlobalLimiter = new RedisPartitionedRateLimiter<HttpContext>(limiter, RateLimitKeys.Address, _ => Five);
                options.AddRedisPolicy("five", RateLimit.FixedWindow(100, TimeSpan.FromHours(1)));
            });
        });

        var statuses = new List<int>();
        for (var request = 0; request < 6; request++)
        {
            using var response = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
            statuses.Add((int)response.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 200, 200, 200, 200, 200, 429 }));
    }

    [Test]
    public async Task AttemptAcquire_DeniesAndAllowsWhatThisProcessKnows()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var platform = new RedisPartitionedRateLimiter<string>(
            service.Limiter, key => key, key => key.StartsWith("leased", StringComparison.Ordinal) ? Leased : Five);
        var denied = SharedServers.NewKey("denied");
        var leased = SharedServers.NewKey("leased");

        using var unknown = platform.AttemptAcquire(denied);
        using var all = await platform.AcquireAsync(denied, permitCount: 5);
        using var none = await platform.AcquireAsync(denied);
        using var known = platform.AttemptAcquire(denied);
        Assert.That((unknown.IsAcquired, all.IsAcquired, none.IsAcquired, known.IsAcquired), Is.EqualTo((false, true, false, false)));
        Assert.That(unknown.TryGetMetadata(MetadataName.RetryAfter, out _), Is.False);
        Assert.That(
            known.TryGetMetadata(RateLimitMetadataNames.Source, out var decider) ? decider : default, Is.EqualTo(DecisionSource.Local));
        Assert.That(known.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter)
            ? retryAfter
            : default, Is.GreaterThan(TimeSpan.FromMinutes(59)));

        var isAcquired = false;
        for (var call = 0; call < 1000 && !isAcquired; call++)
        {
            using var asked = await platform.AcquireAsync(leased);
            using var attempted = platform.AttemptAcquire(leased);
            isAcquired = attempted.IsAcquired;
        }

        Assert.That(isAcquired, Is.True, "a key with traffic has permits here");
    }

    private static Task<LimitedApp> StartAsync(string redis, string prefix, Action<IServiceCollection> services) => LimitedApp.StartAsync(
        redis,
        app =>
        {
            app.UseRouting();
            app.UseRateLimiter();
            ((IEndpointRouteBuilder)app).MapGet("/", () => "").RequireRateLimiting("five");
        },
        services: redis => services(redis.Services),
        keyPrefix: prefix);
}
