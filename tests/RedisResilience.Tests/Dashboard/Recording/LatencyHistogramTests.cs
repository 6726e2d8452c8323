using CsCheck;
using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Tests.Dashboard.Recording;

internal sealed class LatencyHistogramTests
{
    private static readonly Gen<double> Microseconds = Gen.Double[0, 7.7].Select(power => Math.Pow(10, power));

    [Test]
    public void Take_IsNearTheSortedSample() => Microseconds.Array[1, 300].Sample(sample =>
    {
        var histogram = new LatencyHistogram();
        Array.ForEach(sample, microseconds => histogram.Record(microseconds / 1e6));

        var latency = histogram.Take();

        double[] sorted = [.. sample.Order()];
        Assert.That(latency.Count, Is.EqualTo(sample.Length));
        AssertNear(latency.P50, sorted, 0.5);
        AssertNear(latency.P90, sorted, 0.9);
        AssertNear(latency.P99, sorted, 0.99);
        AssertNear(latency.Longest, sorted, 1);
    });

    [Test]
    public void Take_TellsWhatHasComeSinceTheLastOne()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5);
        histogram.Take();
        histogram.Record(0.001);

        var latency = histogram.Take();

        Assert.That(latency.Count, Is.EqualTo(1));
        Assert.That(latency.Longest, Is.EqualTo(1).Within(0.13));
        Assert.That(histogram.Take(), Is.EqualTo(default(Latency)));
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(1e12)]
    public void Record_HasABucketForEverything(double seconds)
    {
        var histogram = new LatencyHistogram();

        histogram.Record(seconds);

        Assert.That(histogram.Take().Count, Is.EqualTo(1));
    }

    // A bucket is an eighth of a doubling wide, and a microsecond at the least.
    private static void AssertNear(double milliseconds, double[] sorted, double part)
    {
        var exact = sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
        Assert.That(milliseconds * 1000, Is.EqualTo(exact).Within((0.0625 * exact) + 1));
    }
}
