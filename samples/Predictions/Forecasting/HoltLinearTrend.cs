namespace Predictions.Forecasting;

/// <summary>Holt's linear trend method: a level and a slope, each smoothed exponentially.</summary>
/// <remarks>
/// R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, sections 8.2 (the method) and 8.7 (the variance
/// of an ETS(A,A,N) forecast). Both parameters are the ones on a grid whose one-step forecasts have the smallest squared error.
/// </remarks>
internal sealed class HoltLinearTrend
{
    /// <summary>Two values start level and slope; two more are the least to judge parameters by.</summary>
    public const int FewestObservations = 4;

    private const double Step = 0.05;
    private const double NormalQuantile95 = 1.959964;

    private readonly double _level;
    private readonly double _slope;

    private HoltLinearTrend(double alpha, double beta, double level, double slope, double variance)
    {
        Alpha = alpha;
        Beta = beta;
        Variance = variance;
        _level = level;
        _slope = slope;
    }

    /// <summary>The smoothing of the level, from 0 to 1.</summary>
    public double Alpha { get; }

    /// <summary>The smoothing of the slope, from 0 to 1 (beta* in the book).</summary>
    public double Beta { get; }

    /// <summary>The mean squared error of the one-step forecasts.</summary>
    public double Variance { get; }

    /// <exception cref="ArgumentException">There are too few values.</exception>
    public static HoltLinearTrend Fit(ReadOnlySpan<double> values)
    {
        if (values.Length < FewestObservations)
        {
            throw new ArgumentException($"A trend needs at least {FewestObservations} values; there are {values.Length}.", nameof(values));
        }

        HoltLinearTrend? best = null;
        for (var alpha = Step; alpha < 1; alpha += Step)
        {
            for (var beta = Step; beta < 1; beta += Step)
            {
                var candidate = Smooth(values, alpha, beta);
                if (best is null || candidate.Variance < best.Variance)
                {
                    best = candidate;
                }
            }
        }

        return best!;
    }

    /// <summary>The forecast so many steps ahead, with the half-width of its 95 % interval.</summary>
    public (double Value, double HalfWidth) Forecast(int steps)
    {
        var beta = Alpha * Beta;
        var growth = 1 + ((steps - 1) * ((Alpha * Alpha) + (Alpha * beta * steps) + (beta * beta * steps * ((2 * steps) - 1) / 6)));
        return (_level + (steps * _slope), NormalQuantile95 * Math.Sqrt(Variance * growth));
    }

    /// <summary>With given parameters. The first two values start level and slope.</summary>
    internal static HoltLinearTrend Smooth(ReadOnlySpan<double> values, double alpha, double beta)
    {
        var level = values[1];
        var slope = values[1] - values[0];
        var squaredErrors = 0.0;
        foreach (var value in values[2..])
        {
            var error = value - (level + slope);
            squaredErrors += error * error;
            var next = (alpha * value) + ((1 - alpha) * (level + slope));
            slope = (beta * (next - level)) + ((1 - beta) * slope);
            level = next;
        }

        return new HoltLinearTrend(alpha, beta, level, slope, squaredErrors / (values.Length - 2));
    }
}
