using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Engines;

/// <summary>The same answers from every engine: the rows of <c>docs/engines.md</c>.</summary>
[TestFixture(Engine.Redis)]
[TestFixture(Engine.Garnet)]
[TestFixture(Engine.Cluster)]
[TestFixture(Engine.Sentinel)]
public sealed class EngineTests(Engine engine)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly byte[] Body = "body"u8.ToArray();

    // Braces are what Redis Cluster finds the slot of a key by, and callers may put anything into a key.
    private static readonly string[] HostileKeys =
    [
        "{", "}", "{}", "}{", "{}{x}", "a{b}c", "{a}{b}", "{{a}}", "a}b{c", "{a", "a}", "{}a", "x{}y{z}", "{ä}", "{a}:lease",
        "predictions:v1:{AAPL}", ":", "ratelimit:{x}",
    ];

    private ResilientService _service = null!;

    [OneTimeSetUp]
    public async Task Connect() =>
        _service = await ResilientService.ConnectAsync(await SharedEngines.ConnectionStringAsync(engine), options =>
    {
        options.KeyPrefix = SharedServers.NewKey("engine");

        // This is about what is answered, not how soon: an engine may compile a script when it first meets it.
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
    });

    [OneTimeTearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();

    private static IEnumerable<TestCaseData> Limits() =>
    [
        new TestCaseData(RateLimit.FixedWindow(20, Hour)).SetArgDisplayNames("fixed window"),
        new TestCaseData(RateLimit.SlidingWindow(20, Hour)).SetArgDisplayNames("sliding window"),
        new TestCaseData(RateLimit.SlidingLog(20, Hour)).SetArgDisplayNames("sliding log"),
        new TestCaseData(RateLimit.TokenBucket(20, Hour)).SetArgDisplayNames("token bucket"),
        new TestCaseData(
        RateLimit.All(RateLimit.FixedWindow(20, Hour), RateLimit.FixedWindow(1000, 24 * Hour))).SetArgDisplayNames("several at once"),
    ];

    [TestCaseSource(nameof(Limits))]
    public async Task ManyAtOnce_GetExactlyWhatTheLimitGives(RateLimit limit)
    {
        var key = SharedServers.NewKey();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => _service.Limiter.AcquireAsync(key, limit).AsTask()));
        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(20));
        Assert.That(
            decisions.Where(decision => decision.IsAllowed).Select(decision => decision.Source), Is.All.EqualTo(DecisionSource.Redis));
    }

    [TestCaseSource(nameof(HostileKeys))]
    public async Task HostileKey_StaysInOneSlot(string key)
    {
        foreach (var limit in Limits().Select(limit => (RateLimit)limit.Arguments[0]!))
        {
            var decision = await _service.Limiter.AcquireAsync($"{key}{limit.GetType().Name}", limit);
            Assert.That(decision.Source, Is.EqualTo(DecisionSource.Redis), limit.GetType().Name);
        }

        using (var created = await _service.Cache.GetOrCreateAsync(
            key, Hour, Body, static (body, _) => new ValueTask<ReadOnlyMemory<byte>?>(body)))
        {
            Assert.That(created.Body.ToArray(), Is.EqualTo(Body));
        }

        Assert.That(await _service.Cache.SetAsync(key, Body, Hour), Is.True, "stored");
        using (var hit = await _service.Cache.GetAsync(key))
        {
            Assert.That(hit.IsHit, Is.True, "read");
        }

        Assert.That(await _service.Cache.RemoveAsync(key), Is.True, "removed");
        using var miss = await _service.Cache.GetAsync(key);
        Assert.That(miss.IsHit, Is.False, "gone");
    }

    [Test]
    public async Task Entries_OfManyKeysAreFoundAgain()
    {
        var keys = Enumerable.Range(0, 50).Select(_ => SharedServers.NewKey()).ToArray();
        Assert.That(await Task.WhenAll(keys.Select(key => _service.Cache.SetAsync(key, Body, Hour).AsTask())), Is.All.True);
        foreach (var key in keys)
        {
            using var hit = await _service.Cache.GetAsync(key);
            Assert.That(hit.IsHit, Is.True);
        }
    }
}
