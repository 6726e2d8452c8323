using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>Thousands of removals that nobody has acknowledged are made good in the time of a few round trips.</summary>
internal sealed class ManyMissedTests
{
    private const int Removals = 10_000;

    // One after another they take 10,000; a second at 20 ms each is 50.
    private const int MostRoundTrips = 50;
    private const int Enough = 2 * Removals / MostRoundTrips;

    // So often the network looks in vain for more before it carries less: a busy machine may stop who sends.
    private const int Looks = 300;

    [Test]
    public async Task TenThousand_TakeLessThanASecondAtTwentyMilliseconds()
    {
        var redis = new SimulatedRedis();
        var network = new CountedNetwork();
        var cache = Caches.Over(
            new SimulatedGateway(redis, network), timeProvider: redis.Clock,
            options: new RedisResilienceOptions { MaximumRememberedInvalidations = Removals });
        for (var key = 0; key < Removals; key++)
        {
            Assert.That(await cache.RemoveAsync($"key:{key}"), Is.False);
        }

        network.IsAway = false;
        redis.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.BecomesTrueAsync(() => network.Carry() >= Removals);
        Assert.That(network.RoundTrips, Is.LessThanOrEqualTo(MostRoundTrips));
    }

    /// <summary>Answers what is under way together, as soon as it is enough, or when no more comes.</summary>
    private sealed class CountedNetwork : ISimulatedNetwork
    {
        private readonly Lock _lock = new();
        private List<Action> _underWay = [];
        private int _looks;
        private int _answered;

        public bool IsAway { get; set; } = true;

        public int RoundTrips { get; private set; }

        public int Carry()
        {
            List<Action> arrived;
            lock (_lock)
            {
                if (_underWay.Count == 0 || (_underWay.Count < Enough && _looks++ < Looks))
                {
                    return _answered;
                }

                (arrived, _underWay, _looks) = (_underWay, [], 0);
                RoundTrips++;
            }

            arrived.ForEach(static answer => answer());
            return _answered += arrived.Count;
        }

        public ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
        {
            if (IsAway)
            {
                return new ValueTask<Answer<T>>(new Answer<T>(Fault.CircuitOpen));
            }

            // Whoever is answered goes on at once: what he sends next is there before the network looks again.
            var reply = new TaskCompletionSource<Answer<T>>();
            lock (_lock)
            {
                _looks = 0;
                _underWay.Add(() => reply.SetResult(new Answer<T>(command())));
            }

            return new ValueTask<Answer<T>>(reply.Task);
        }
    }
}
