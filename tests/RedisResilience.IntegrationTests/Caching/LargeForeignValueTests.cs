using System.Globalization;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>A value that another program has put under a key of ours, and that is far larger than an entry may be: little of it is read,
/// however it is asked for, and the next fill writes over it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LargeForeignValueTests
{
    private const int Length = 64 * 1024 * 1024;
    private const int MaximumEntrySize = 1024;
    private const long Little = 256 * 1024;

    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    private TestServer _server = null!;
    private ConnectionMultiplexer _connection = null!;

    private static IEnumerable<TestCaseData> Reads()
    {
        yield return Case("alone", static async cache => (await cache.GetAsync("large:1")).HasBody);
        yield return Case("with time to live", static async cache => (await cache.GetWithTimeToLiveAsync("large:1")).HasBody);
        yield return Case("for who holds it", static async cache => (await cache.GetIfNoneMatchAsync("large:1", "\"a\"")).HasBody);
        yield return Case("stale", static async cache => (await cache.GetStaleAsync("large:1")).HasBody);
        yield return Case("many", static async cache =>
            (await cache.GetManyAsync(["large:1", "other", "large:2"])).Any(static one => one.HasBody));
        yield return Case("together", static async cache =>
            (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cache.GetAsync("large:1").AsTask()))).Any(static one => one.HasBody));

        static TestCaseData Case(string name, Func<IResponseCache, Task<bool>> read) => new TestCaseData(read).SetArgDisplayNames(name);
    }

    [SetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync(ServerKind.Redis);
        _connection = await _server.ConnectAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCaseSource(nameof(Reads))]
    public async Task Read_IsAMiss_AndMovesLittle(Func<IResponseCache, Task<bool>> read)
    {
        await PutAsync("large:1", "large:2");
        await using var service = await ConnectAsync();
        var before = await SentAsync();
        Assert.That(await read(service.Cache), Is.False);
        Assert.That(await SentAsync() - before, Is.LessThan(Little));
    }

    [Test]
    public async Task Fill_WritesOverIt_AndMovesLittle([Values] bool isLocal, [Values] bool areMany)
    {
        await PutAsync("large:1");
        await using var service = await ConnectAsync(isLocal ? "large:" : null);
        var before = await SentAsync();
        var asked = 0;
        if (areMany)
        {
            var responses = await service.Cache.GetOrCreateManyAsync(["large:1", "other"], Minute, 0, (_, keys, _) =>
            {
                asked += keys.Contains("large:1") ? 1 : 0;
                return new ValueTask<IReadOnlyDictionary<string, SourceResponse>>(
                    keys.ToDictionary(static key => key, static _ => new SourceResponse("small"u8.ToArray())));
            });
            Assert.That(responses[0].Body.ToArray(), Is.EqualTo("small"u8.ToArray()));
        }
        else
        {
            using var response = await service.Cache.GetOrCreateAsync("large:1", Minute, 0, (_, _) =>
            {
                asked++;
                return new ValueTask<SourceResponse>(new SourceResponse("small"u8.ToArray()));
            });
            Assert.That(response.Body.ToArray(), Is.EqualTo("small"u8.ToArray()));
        }

        await Until.TrueAsync(IsStoredAsync, static () => "it stands there still");
        Assert.That(asked, Is.EqualTo(1));
        Assert.That(await SentAsync() - before, Is.LessThan(Little));

        async Task<bool> IsStoredAsync() => await _connection.GetDatabase().StringLengthAsync("large:1") == "small".Length;
    }

    [TestCase("{large:1}:lease")]
    [TestCase("redisresilience:namespace:all")]
    [TestCase("redisresilience:namespace:large:v1")]
    [TestCase("redisresilience:tag:tag")]
    public async Task UnderAKeyOfTheLibrarys_MovesLittle(string key)
    {
        await PutAsync(key);
        await using var service = await ConnectAsync();
        var before = await SentAsync();
        foreach (var name in new[] { "large:1", "large:v1:1" })
        {
            using var response = await service.Cache.GetOrCreateAsync(
                name, Minute with { Tags = ["tag"] }, 0,
                static (_, _) => new ValueTask<SourceResponse>(new SourceResponse("small"u8.ToArray())));
            await Until.TrueAsync(async () => (await service.Cache.GetAsync(name)).HasBody, () => $"{name} is not stored");
        }

        Assert.That(await SentAsync() - before, Is.LessThan(Little));
    }

    private async Task PutAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await _connection.GetDatabase().ExecuteAsync("SETRANGE", key, Length - 1, "x");
        }
    }

    private Task<ResilientService> ConnectAsync(string? localPrefix = null) =>
        ResilientService.ConnectAsync(_server.ConnectionString, options =>
        {
            options.MaximumEntrySize = MaximumEntrySize;
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
            if (localPrefix is not null)
            {
                options.LocalTier.KeyPrefixes.Add(localPrefix);
            }
        });

    private async Task<long> SentAsync() => long.Parse(
        (await _connection.GetServers()[0].InfoAsync("stats")).Single()
            .Single(static line => line.Key == "total_net_output_bytes").Value, CultureInfo.InvariantCulture);
}
