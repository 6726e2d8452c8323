using System.Diagnostics;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Caching.Reading;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Diagnostics;

namespace RedisResilience.Benchmarks.Dashboard;

/// <summary>What the measurements of one limited and cached request cost by themselves: a decision, a read, and the times of its two
/// commands.</summary>
internal static class MeasuringCost
{
    private const int Requests = 500_000;
    private const int Rounds = 15;
    private static readonly ServerIdentity Server = new(Name: null, "127.0.0.1", Port: 6379, Database: 0, "127.0.0.1:6379");

    public static void Report(IRedisStatus status)
    {
        List<double> quiet = [], watched = [];
        for (var round = -2; round < Rounds; round++)
        {
            var alone = Measure();
            double heard;
            using (var recorder = new Recorder(status, TimeProvider.System, always: false))
            using (recorder.Watch(out _, out _))
            {
                heard = Measure();
            }

            if (round >= 0)
            {
                quiet.Add(alone);
                watched.Add(heard);
            }
        }

        Console.WriteLine(
            $"The measurements of a request by themselves: {Quartiles.Of(quiet).Median:F0} ns while nobody looks, "
                + $"{Quartiles.Of(watched).Median:F0} ns while somebody does (medians of {Rounds}).");
    }

    private static double Measure()
    {
        var duration = TimeSpan.FromMicroseconds(80);
        var started = Stopwatch.GetTimestamp();
        for (var request = 0; request < Requests; request++)
        {
            ResilienceMetrics.RecordDecision(isAllowed: true, "redis", policy: null);
            ReadTelemetry.Record("hit", "predictions:v1:dashboard");
            if (CommandMetrics.IsListenedTo)
            {
                CommandMetrics.End(null, "EVALSHA", Server, duration, error: null, statusCode: null);
                CommandMetrics.End(null, "GET", Server, duration, error: null, statusCode: null);
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Requests;
    }
}
