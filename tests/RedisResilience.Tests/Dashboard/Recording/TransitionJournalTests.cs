using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Tests.Dashboard.Recording;

[NonParallelizable]
internal sealed class TransitionJournalTests
{
    [Test]
    public void Latest_IsTheLastFifty()
    {
        var time = new FakeTimeProvider();
        using var meter = new Meter("RedisResilience");
        using var journal = new TransitionJournal(time);
        var transitions = meter.CreateCounter<long>("redis_resilience.circuit.transitions");

        for (var number = 0; number < 60; number++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            transitions.Add(1, number % 2 == 0 ? [new("state", "open"), new("reason", "ConnectionLost")] : [new("state", "closed")]);
        }

        var latest = journal.Latest;
        Assert.That(latest, Has.Length.EqualTo(50));
        Assert.That(latest[^1], Is.EqualTo(new Transition("", time.GetUtcNow().ToUnixTimeMilliseconds(), IsInUse: true, Reason: null)));
        Assert.That(
            latest[^2], Is.EqualTo(new Transition("", time.GetUtcNow().ToUnixTimeMilliseconds() - 1000, IsInUse: false, "ConnectionLost")));
    }

    [Test]
    public void ServerThatComesAndGoes_PushesNothingOfAnotherOut()
    {
        var time = new FakeTimeProvider();
        using var meter = new Meter("RedisResilience");
        using var journal = new TransitionJournal(time);
        var transitions = meter.CreateCounter<long>("redis_resilience.circuit.transitions");

        transitions.Add(1, [new("state", "closed"), new("server.address", "cache"), new("redis_resilience.name", "sessions")]);
        for (var number = 0; number < 60; number++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            transitions.Add(1, [new("state", "closed"), new("server.address", "cache")]);
        }

        var latest = journal.Latest;
        Assert.That(latest[0], Is.EqualTo(
            new Transition("sessions", time.GetUtcNow().ToUnixTimeMilliseconds() - 60_000, IsInUse: true, Reason: null)));
        Assert.That(latest[1..].Select(transition => transition.Server).ToArray(), Has.Length.EqualTo(50).And.All.Empty);
        Assert.That(latest.Select(transition => transition.Time), Is.Ordered);
    }

    [Test]
    public void Journal_ListensToNothingElse()
    {
        using var meter = new Meter("RedisResilience");
        using var journal = new TransitionJournal(TimeProvider.System);

        Assert.That(meter.CreateCounter<long>("redis_resilience.cache.reads").Enabled, Is.False);
    }
}
