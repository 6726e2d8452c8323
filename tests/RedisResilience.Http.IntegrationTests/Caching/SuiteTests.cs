using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.HttpCacheSuite;

namespace RedisResilience.Http.IntegrationTests.Caching;

/// <summary>The public suite of HTTP caches, through a proxy that caches with this package as a shared cache.</summary>
internal sealed class SuiteTests
{
    private const int LeastRequired = 150;
    private const int LeastOptimal = 85;
    private static readonly string Root = typeof(SuiteTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;

    [Test]
    public async Task WithoutACache_TheSuiteRuns()
    {
        using var suite = await HttpCacheSuite.HttpCacheSuite.StartAsync(Root);
        await using var proxy = await CachingProxy.StartAsync(suite.Origin, (_, _) => { });

        var results = await suite.RunAsync(proxy.Address);

        TestContext.Out.WriteLine(results);
        Assert.That(results.Count("required"), Is.GreaterThan(150));
        Assert.That(results.Passed("optimal"), Is.LessThan(5), "nothing is cached");
    }

    [Test]
    public async Task SharedCache_PassesWhatItIsKnownToPass()
    {
        using var suite = await HttpCacheSuite.HttpCacheSuite.StartAsync(Root);
        await using var proxy = await CachingProxy.StartAsync(
            suite.Origin, (services, client) => client.AddRedisResilienceCache(Configure));

        var results = await suite.RunAsync(proxy.Address);

        TestContext.Out.WriteLine(results);
        SuiteExpectation.Check(
            results, Path.Combine(Root, "tests", "RedisResilience.Http.IntegrationTests", "Caching", "suite-expected.json"));
        Assert.That(results.Passed("required"), Is.GreaterThanOrEqualTo(LeastRequired));
        Assert.That(results.Passed("optimal"), Is.GreaterThanOrEqualTo(LeastOptimal));
    }

    // What the suite takes for granted and is asked for here: cookies that everybody gets, freshness by the last change, and the suite's
    // own targeted field.
    private static void Configure(HttpCacheOptions cache)
    {
        var store = new InMemoryResponseCache();
        cache.Store = _ => store;
        cache.StoresCookies = true;
        cache.HeuristicFactor = 0.1;
        cache.TargetedFields.Add("Surrogate-Control");
    }
}
