using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Tests.Dashboard.Recording;

internal sealed class CounterSetTests
{
    [Test]
    public void Take_TellsEachCombinationOnce()
    {
        var counts = new CounterSet("outcome", "decider", "policy");
        counts.Record(1, [new("decider", "redis"), new("outcome", "allowed"), new("another", 3)]);
        counts.Record(2, [new("outcome", "allowed"), new("decider", "redis")]);
        counts.Record(1, [new("outcome", "allowed"), new("decider", "redis"), new("policy", "logins")]);

        Assert.That(counts.Take(), Is.EqualTo(new[] { new Count("allowed", "redis", "", 3), new Count("allowed", "redis", "logins", 1) }));
        Assert.That(counts.Take(), Is.Empty);

        counts.Record(5, [new("outcome", "allowed"), new("decider", "redis"), new("policy", "logins")]);
        Assert.That(counts.Take(), Is.EqualTo(new[] { new Count("allowed", "redis", "logins", 5) }));
    }

    [Test]
    public void ManyCombinations_AreCountedTogetherFromABoundOn()
    {
        var counts = new CounterSet("outcome", "namespace");
        for (var number = 0; number < 1000; number++)
        {
            counts.Record(1, [new("outcome", "hit"), new("namespace", $"{number}")]);
        }

        var taken = counts.Take();

        Assert.That(taken, Has.Length.EqualTo(129));
        Assert.That(taken, Has.One.EqualTo(new Count("hit", "(other)", "(other)", 1000 - 128)));
    }

    [Test]
    public void CountsOfManyThreads_AreAllThere()
    {
        const int Threads = 8, Each = 10_000;
        var counts = new CounterSet("outcome");

        Parallel.For(0, Threads, thread =>
        {
            for (var number = 0; number < Each; number++)
            {
                counts.Record(1, [new("outcome", number % 2 == 0 ? "hit" : $"{(number + thread) % 5}")]);
            }
        });

        Assert.That(counts.Take().Sum(count => count.Times), Is.EqualTo(Threads * Each));
    }
}
