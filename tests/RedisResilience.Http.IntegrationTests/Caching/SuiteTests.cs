using System.Reflection;

namespace RedisResilience.Http.IntegrationTests.Caching;

/// <summary>The public suite of HTTP caches, through a proxy that caches with this package.</summary>
internal sealed class SuiteTests
{
    private static readonly string Root = typeof(SuiteTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

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
}
