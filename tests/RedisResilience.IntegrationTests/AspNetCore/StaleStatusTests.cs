using Microsoft.AspNetCore.Builder;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>What a response says of the entry that it takes the place of.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class StaleStatusTests(ServerKind kind)
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private TestApp _app = null!;
    private int _runs;

    [SetUp]
    public async Task Start()
    {
        _runs = 0;
        _app = await TestApp.StartAsync((await SharedServers.GetAsync(kind)).ConnectionString, Configure, options: TestApp.Patient);
    }

    [TearDown]
    public ValueTask Stop() => _app.DisposeAsync();

    [TestCase("revalidated")]
    [TestCase("spare")]
    public async Task EntryThatIsNoLongerFresh_IsNamedByWhoReplacesIt(string window)
    {
        var path = $"/{window}/{Guid.NewGuid():N}";
        Assert.That(await StatusAsync(path), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(() => StatusAsync(path), Is.EqualTo("RedisResilience; fwd=stale; stored").After(10_000, 5));
        Assert.That(_runs, Is.GreaterThan(1));
    }

    private async Task<string> StatusAsync(string path)
    {
        using var response = await _app.Client.GetAsync(path);
        return response.Headers.GetValues("Cache-Status").Single();
    }

    private void Configure(WebApplication app)
    {
        app.UseRedisResilience();
        app.MapGet("/revalidated/{id}", () => Interlocked.Increment(ref _runs)).CacheResponse(
            response => response.Key("revalidated:{id}").Duration(Brief).StaleWhileRevalidate(Long));
        app.MapGet("/spare/{id}", () => Interlocked.Increment(ref _runs)).CacheResponse(
            response => response.Key("spare:{id}").Duration(Brief).StaleIfError(Long));
    }
}
