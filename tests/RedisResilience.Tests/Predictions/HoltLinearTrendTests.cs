using Predictions.Forecasting;

namespace RedisResilience.Tests.Predictions;

public sealed class HoltLinearTrendTests
{
    private const double Normal95 = 1.959964;

    // By hand, with both parameters 1/2: level 12 and slope 2 forecast 14, the error is 1; level 14.5 and slope 2.25 forecast 16.75, the
    // error is 0.25; level 16.875 and slope 2.3125 remain.
    private static HoltLinearTrend WorkedByHand => HoltLinearTrend.Smooth([10, 12, 15, 17], alpha: 0.5, beta: 0.5);

    [Test]
    public void WorkedExample_ValuesAndVarianceAreThoseByHand()
    {
        Assert.That(WorkedByHand.Variance, Is.EqualTo((1 + 0.0625) / 2).Within(1e-12));
        Assert.That(WorkedByHand.Forecast(1).Value, Is.EqualTo(19.1875).Within(1e-12));
        Assert.That(WorkedByHand.Forecast(2).Value, Is.EqualTo(21.5).Within(1e-12));
        Assert.That(WorkedByHand.Forecast(1).HalfWidth, Is.EqualTo(Normal95 * Math.Sqrt(0.53125)).Within(1e-12));
        Assert.That(WorkedByHand.Forecast(2).HalfWidth, Is.EqualTo(Normal95 * Math.Sqrt(0.53125) * 1.25).Within(1e-12));
    }

    // The closed formula against the sum that it is made from: an error j steps ago weighs alpha + alpha beta j in the forecast.
    [Test]
    public void Variance_IsTheSumOverTheErrorsToCome(
        [Range(1, 12)] int steps, [Values(0.05, 0.4, 0.95)] double alpha, [Values(0.05, 0.7)] double beta)
    {
        var trend = HoltLinearTrend.Smooth([10, 12, 15, 17, 16], alpha, beta);

        var growth = 1 + Enumerable.Range(1, steps - 1).Sum(step => Math.Pow(alpha + (alpha * beta * step), 2));

        Assert.That(trend.Forecast(steps).HalfWidth, Is.EqualTo(Normal95 * Math.Sqrt(trend.Variance * growth)).Within(1e-9));
    }

    [TestCase(3.0, 2.0)]
    [TestCase(100.0, -1.5)]
    [TestCase(42.0, 0.0)]
    public void StraightLine_GoesOnExactlyAndWithoutDoubt(double start, double slope)
    {
        var trend = HoltLinearTrend.Fit([.. Enumerable.Range(0, 20).Select(month => start + (slope * month))]);

        for (var steps = 1; steps <= 6; steps++)
        {
            Assert.That(trend.Forecast(steps).Value, Is.EqualTo(start + (slope * (19 + steps))).Within(1e-9));
            Assert.That(trend.Forecast(steps).HalfWidth, Is.EqualTo(0).Within(1e-9));
        }
    }

    [Test]
    public void Fit_NoOtherParametersOnTheGridAreBetter()
    {
        double[] values = [10, 12, 9, 14, 18, 17, 21, 25, 22, 30];
        var best = HoltLinearTrend.Fit(values);

        var others =
            from alpha in Enumerable.Range(1, 19)
            from beta in Enumerable.Range(1, 19)
            select HoltLinearTrend.Smooth(values, alpha / 20.0, beta / 20.0).Variance;

        Assert.That(best.Variance, Is.EqualTo(others.Min()).Within(1e-9));
        Assert.That(best.Alpha, Is.InRange(0.05, 0.9501));
        Assert.That(best.Beta, Is.InRange(0.05, 0.9501));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void TooFewValues_AreRefusedWithTheirNumber(int count) =>
        Assert.That(() => HoltLinearTrend.Fit(new double[count]), Throws.ArgumentException.With.Message.Contains($"there are {count}"));

    [Test]
    public void FewestValues_AreEnough() => Assert.That(HoltLinearTrend.Fit([1, 2, 3, 4]).Forecast(1).Value, Is.EqualTo(5).Within(1e-9));
}
