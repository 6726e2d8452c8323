using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

/// <summary>A tag is removed by another process while an entry with it is loaded here.</summary>
internal sealed class RemovedTagTests
{
    private static readonly CacheEntryOptions Tagged = new(TimeSpan.FromMinutes(1)) { Tags = ["tag"] };

    /// <summary>Red when a load under way is joined without a look at its tags.</summary>
    [Test]
    public async Task WhoComesAfterwards_DoesNotJoinTheLoad()
    {
        var redis = new SimulatedRedis();
        var (ours, theirs) = (new SimulatedNode(redis), new SimulatedNode(redis));
        var (hasBegun, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        ours.Source = async (asked, _) =>
        {
            if (asked == 1)
            {
                hasBegun.SetResult();
                await mayEnd.Task;
            }

            return SimulatedNode.Body($"{asked}");
        };
        var before = ours.GetOrCreateAsync("key", Tagged);
        await hasBegun.Task.WaitAsync(Patience.Limit);
        Assert.That(await theirs.Cache.RemoveByTagAsync("tag"), Is.True);

        // The load under way has not ended: who joined it would wait.
        Assert.That((await ours.GetOrCreateAsync("key", Tagged).WaitAsync(Patience.Limit)).Body, Is.EqualTo("2"));
        mayEnd.SetResult();
        Assert.That((await before.WaitAsync(Patience.Limit)).Body, Is.EqualTo("1"));
        Assert.That(await ours.GetOrCreateAsync("key", Tagged).WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Hit, "2")));
    }
}
