using System.Diagnostics.Metrics;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.Tests.Diagnostics;

/// <summary>What is told of decisions: to whom, and with what.</summary>
[NonParallelizable]
internal sealed class DeniedCallsTests
{
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromMinutes(1)) with { Name = "denied-calls-tests" };

    [Test]
    public void Denials_AreToldWithTheirKeysWhileSomebodyWatches()
    {
        List<DeniedCall> told = [];
        using (DeniedCalls.Watch(call => Add(told, call)))
        {
            Record(isAllowed: true);
            Record(isAllowed: false);
        }

        Record(isAllowed: false);

        Assert.That(told, Is.EqualTo(new[] { new DeniedCall("somebody", Limit.Name, TimeSpan.FromSeconds(3)) }));
    }

    [Test]
    public void WatcherThatThrows_IsNotHeardAndHoldsNobodyUp()
    {
        List<DeniedCall> told = [];
        using var broken = DeniedCalls.Watch(_ => throw new InvalidOperationException());
        using var other = DeniedCalls.Watch(call => Add(told, call));

        Assert.That(() => Record(isAllowed: false), Throws.Nothing);
        Assert.That(told, Has.Count.EqualTo(1));
    }

    [Test]
    public void Watching_EndsOnceForTheOneThatEnds()
    {
        List<DeniedCall> told = [];
        void Watch(DeniedCall call) => Add(told, call);
        var first = DeniedCalls.Watch(Watch);
        using var second = DeniedCalls.Watch(Watch);
        first.Dispose();
        first.Dispose();

        Record(isAllowed: false);

        Assert.That(told, Has.Count.EqualTo(1));
    }

    [Test]
    public void Metric_HasThePolicyAndNoKey()
    {
        List<string> tags = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "redis_resilience.rate_limit.decisions")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, measured, _) =>
        {
            var text = string.Join(' ', measured.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (text.Contains(Limit.Name!, StringComparison.Ordinal))
            {
                tags.Add(text);
            }
        });
        listener.Start();

        Record(isAllowed: false);

        Assert.That(tags, Is.EqualTo(new[] { "outcome=denied decider=redis policy=denied-calls-tests" }));
    }

    [Test]
    public void NamesBeyondTheBound_AreOne()
    {
        var names = new BoundedNames(2);

        Assert.That(new[] { "a", "b", "c", "a", "d" }.Select(names.Of), Is.EqualTo(new[] { "a", "b", "(other)", "a", "(other)" }));
    }

    // Other tests of this process may deny somebody meanwhile.
    private static void Add(List<DeniedCall> told, DeniedCall call)
    {
        if (call.Policy == Limit.Name)
        {
            told.Add(call);
        }
    }

    private static void Record(bool isAllowed) => DecisionTelemetry.Record(
        new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Limit = 1,
            Remaining = 0,
            Source = DecisionSource.Redis,
            RetryAfter = TimeSpan.FromSeconds(3),
        }, DecisionTelemetry.ByRedis, "somebody", Limit);
}
