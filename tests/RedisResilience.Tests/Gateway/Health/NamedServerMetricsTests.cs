using System.Diagnostics.Metrics;
using System.Net;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway.Health;

/// <summary>An application with several servers sees by the metrics which of them is away.</summary>
internal sealed class NamedServerMetricsTests : HealthMonitorFixture
{
    // Of this test alone: others count beside it.
    private const string Name = "sessions of NamedServerMetricsTests";

    protected override ServerIdentity Server { get; } = ServerIdentity.Of(Name, [new DnsEndPoint("cache", 6379)], 0);

    [TestCase("redis_resilience.circuit.transitions")]
    [TestCase("redis_resilience.circuit.detection.duration")]
    [TestCase("redis_resilience.circuit.outage.duration")]
    [TestCase("redis_resilience.gateway.faults")]
    public void Outage_IsCountedUnderTheNameOfItsServer(string instrument)
    {
        List<(string Name, string Tag)> heard = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (published, listening) =>
            {
                if (published.Name == instrument && published.Meter.Name == "RedisResilience")
                {
                    listening.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Hear(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Hear(tags));
        listener.Start();

        Repeat(3, RaiseChanged);
        Repeat(5, () => Health.OnFault(Fault.DeadlineExceeded));
        Repeat(3, () =>
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            RaiseChanged();
        });

        Assert.That(heard, Does.Contain(("redis_resilience.name", Name)));
        Assert.That(heard, Does.Contain(("server.address", "cache")).And.Contain(("server.port", "6379")));

        void Hear(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var all = tags.ToArray();
            if (all.Any(tag => tag.Value is Name))
            {
                lock (heard)
                {
                    heard.AddRange(all.Select(tag => (tag.Key, $"{tag.Value}")));
                }
            }
        }
    }
}
