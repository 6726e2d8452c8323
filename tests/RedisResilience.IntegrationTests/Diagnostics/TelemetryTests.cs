using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Diagnostics;

/// <summary>What an operator sees: the meter and the spans, scraped as OpenTelemetry scrapes them, through an outage.</summary>
public sealed class TelemetryTests
{
    private const string Key = "predictions:v1:SECRET";
    private static readonly string Version = typeof(IRedisStatus).Assembly.GetName().Version!.ToString(fieldCount: 3);
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));

    [Test]
    public async Task OutageUnderTheEyesOfOpenTelemetry_IsToldWithoutKeys()
    {
        List<Metric> exported = [];
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "RedisResilience",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = Sdk.CreateMeterProviderBuilder().AddMeter("RedisResilience").AddInMemoryExporter(exported).Build();

        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectAsync(
            server.ConnectionString, options => options.MaximumConcurrentLoads = 1);
        var slow = Enumerable.Range(0, 2).Select(number => service.Cache.GetOrCreateAsync(
            $"slow:{number}", TimeSpan.FromMinutes(1), 0, static async (_, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
                return new byte[9];
            }).AsTask());
        Array.ForEach(await Task.WhenAll(slow), response => response.Dispose());
        var shared = Enumerable.Range(0, 2).Select(_ => service.Cache.GetOrCreateAsync(
            "shared", TimeSpan.FromMinutes(1), 0, static async (_, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, token);
                return new byte[9];
            }).AsTask());
        Array.ForEach(await Task.WhenAll(shared), response => response.Dispose());
        for (var call = 0; call < 3; call++)
        {
            await service.Limiter.AcquireAsync(Key, Limit);
            using var response = await service.Cache.GetOrCreateAsync(
                Key, TimeSpan.FromMinutes(1), 0, static (_, _) => new ValueTask<ReadOnlyMemory<byte>?>(new byte[9]));
        }

        await server.KillAsync();
        await service.UntilUnavailableAsync();
        await service.Limiter.AcquireAsync($"{Key}:another", Limit);
        meters.ForceFlush();
        Assert.That(Value(exported, "redis_resilience.circuit.closed", server.Port), Is.Zero);

        await server.StartAsync();
        await service.UntilAvailableAsync();
        exported.Clear();
        meters.ForceFlush();

        Activity[] stopped;
        lock (spans)
        {
            stopped = [.. spans];
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value(exported, "redis_resilience.circuit.closed", server.Port), Is.EqualTo(1));
            Assert.That(Value(exported, "redis_resilience.shards.away", server.Port), Is.Zero);
            Assert.That(Unit(exported, "redis_resilience.shards.away"), Is.EqualTo("{shard}"));
            Assert.That(Unit(exported, "db.client.operation.duration"), Is.EqualTo("s"));
            Assert.That(Unit(exported, "redis_resilience.circuit.detection.duration"), Is.EqualTo("s"));
            Assert.That(Unit(exported, "redis_resilience.circuit.outage.duration"), Is.EqualTo("s"));
            Assert.That(Tags(exported, "redis_resilience.circuit.transitions"), Does.Contain("state=open").And.Contain(
                "state=closed").And.Contain($"server.port={server.Port}"));
            Assert.That(Tags(
                exported, "db.client.operation.duration"), Does.Contain("db.system.name=redis").And.Contain("db.operation.name=EVALSHA"));
            Assert.That(
                Tags(exported, "redis_resilience.rate_limit.decisions"), Does.Contain("outcome=allowed").And.Contain("outcome=denied"));
            Assert.That(Tags(exported, "redis_resilience.gateway.io"), Does.Contain(
                "network.io.direction=receive").And.Contain("network.io.direction=transmit"));
            Assert.That(Unit(exported, "redis_resilience.gateway.io"), Is.EqualTo("By"));
            Assert.That((Unit(exported, "redis_resilience.cache.source.loads"), Unit(exported, "redis_resilience.cache.source.queue")), Is
                .EqualTo(("{load}", "{load}")));
            Assert.That(Tags(exported, "redis_resilience.cache.writes"), Does.Contain("outcome=stored"));
            Assert.That(Tags(
                exported, "redis_resilience.rate_limit.decisions"), Does.Contain("decider=redis").And.Contain("decider=failure_policy"));
            Assert.That(Tags(exported, "redis_resilience.cache.reads"), Does.Contain("outcome=hit").And.Contain("outcome=miss").And
                .Contain("outcome=collapsed"));
            Assert.That(
                exported.SelectMany(metric => Tags(exported, metric.Name)), Has.None.Contains("SECRET"), "a key is nobody's business");
            Assert.That(stopped.Select(
                span => span.OperationName), Does.Contain("EVALSHA").And.Not.Contain("PING"), "the probe is nobody's request");
            Assert.That(stopped.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")), Does
                .Contain("server.address=127.0.0.1").And.Contain($"server.port={server.Port}").And.Contain("db.namespace=0"));
            Assert.That(Tags(exported, "db.client.operation.duration"), Does.Contain("server.address=127.0.0.1").And
                .Contain($"server.port={server.Port}").And.Contain("db.namespace=0"));
            Assert.That(Tags(exported, "redis_resilience.circuit.closed"), Does.Contain(
                "server.address=127.0.0.1").And.Contain($"server.port={server.Port}"));
            Assert.That((exported[0].MeterVersion, stopped[0].Source.Version), Is.EqualTo((Version, Version)));
            Assert.That(stopped.SelectMany(span => span.TagObjects).Select(tag => $"{tag.Value}"), Has.None.Contains("SECRET"));
        }

        TestContext.Out.WriteLine(string.Join('\n', exported.Select(
            metric => $"{metric.Name} ({metric.Unit}): {string.Join(", ", Tags(exported, metric.Name).Distinct())}")));
    }

    private static string Unit(IEnumerable<Metric> metrics, string name) => Named(metrics, name).Unit;

    // Of this test's server: others that run in this process are measured, too.
    private static long Value(IEnumerable<Metric> metrics, string name, int port)
    {
        foreach (ref readonly var point in Named(metrics, name).GetMetricPoints())
        {
            foreach (var tag in point.Tags)
            {
                if (tag.Key == "server.port" && $"{tag.Value}" == $"{port}")
                {
                    return point.GetGaugeLastValueLong();
                }
            }
        }

        throw new InvalidOperationException($"{name} has no value of this server.");
    }

    private static List<string> Tags(IEnumerable<Metric> metrics, string name)
    {
        List<string> tags = [];
        foreach (ref readonly var point in Named(metrics, name).GetMetricPoints())
        {
            foreach (var tag in point.Tags)
            {
                tags.Add($"{tag.Key}={tag.Value}");
            }
        }

        return tags;
    }

    private static Metric Named(IEnumerable<Metric> metrics, string name) => metrics.Last(metric => metric.Name == name);
}
