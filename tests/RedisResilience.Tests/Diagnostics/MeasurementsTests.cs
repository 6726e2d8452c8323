using System.Diagnostics;
using System.Diagnostics.Metrics;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.Diagnostics;

internal sealed class MeasurementsTests
{
    [Test]
    public void ListenerThatThrows_IsNotHeardByTheCall()
    {
        using var meter = new Meter("measurements-tests");
        var counter = meter.CreateCounter<long>("count");
        var heard = 0;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            heard++;
            throw new InvalidOperationException("a listener's mistake");
        });
        listener.EnableMeasurementEvents(counter);

        counter.Count(1, default(TagList));
        counter.Count(1, "tag", "value");
        counter.Count(1, "tag", "value", "other", "value");

        Assert.That(heard, Is.EqualTo(3));
    }
}
