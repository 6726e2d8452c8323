using RedisResilience.Caching;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

/// <summary>A tag is removed by another process while an entry with it is loaded here.</summary>
internal sealed class RemovedTagTests
{
    private static readonly CacheEntryOptions Tagged = new(TimeSpan.FromMinutes(1)) { Tags = ["tag"] };

    /// <summary>Red when a load whose tags nobody could ask for is taken for one that is newer than their removal.</summary>
    [Test]
    public async Task WhoComesAfterwards_IsNotGivenWhatOnlyTheSourceHasTagged([Values] bool isStorable)
    {
        var redis = new SimulatedRedis();
        var (ours, theirs) = (new SimulatedNode(redis), new SimulatedNode(redis));
        var mayEnd = new TaskCompletionSource();
        ours.Source = async (asked, _) =>
        {
            await (asked == 1 ? mayEnd.Task : Task.CompletedTask);
            return SimulatedNode.Body($"{asked}") with { Tags = ["tag"], TimeToLive = isStorable ? null : TimeSpan.Zero };
        };
        var untagged = new CacheEntryOptions(TimeSpan.FromMinutes(1));
        var before = ours.GetOrCreateAsync("key", untagged);
        Assert.That(await theirs.Cache.RemoveByTagAsync("tag"), Is.True);
        var after = ours.GetOrCreateAsync("key", untagged);
        Assert.That((ours.Asked, after.IsCompleted), Is.EqualTo((1, false)), "it waits for the load under way");

        ours.Network.Fault = isStorable ? Fault.DeadlineExceeded : Fault.None;
        mayEnd.SetResult();
        Assert.That((await before.WaitAsync(Patience.Limit)).Body, Is.EqualTo("1"));
        Assert.That((await after.WaitAsync(Patience.Limit)).Body, Is.EqualTo("2"));
    }

    /// <summary>Red when a load is joined whose tags, which its source has named, have been looked at already.</summary>
    [Test]
    public async Task WhoComesAfterTheLookAtTheTags_IsNotGivenWhatWasRemovedSince()
    {
        var redis = new SimulatedRedis();
        var network = new HeldNetwork(redis.Clock);
        var cache = Caches.Over(
            new SimulatedGateway(redis, network), timeProvider: redis.Clock,
            options: new RedisResilienceOptions { MaximumVersionAge = TimeSpan.Zero });
        var (asked, next) = (0, 0);
        var before = GetAsync();
        await ReplyAsync("the read");
        await ReplyAsync("the lease");
        await ReplyAsync("the tag");
        Assert.That(await before.WaitAsync(Patience.Limit), Is.EqualTo("1"));
        var filling = await network.MessageAsync(next++);
        Assert.That(await new SimulatedNode(redis).Cache.RemoveByTagAsync("tag"), Is.True);

        var after = GetAsync();
        await ReplyAsync("the read");
        await ReplyAsync("the lease, which stands");
        await LetGoOnAsync(() => network.Count > next || after.IsCompleted);
        filling.Reply();
        await LetGoOnAsync(() =>
        {
            _ = network.Count > next ? ReplyAsync("the rest") : Task.CompletedTask;
            return after.IsCompleted;
        });
        Assert.That(await after, Is.EqualTo("2"));

        async Task<string> GetAsync()
        {
            using var response = await cache.GetOrCreateAsync("key", new CacheEntryOptions(TimeSpan.FromMinutes(1)), 0, (_, _) =>
                new ValueTask<SourceResponse>(SimulatedNode.Body($"{++asked}") with { Tags = ["tag"] }));
            return System.Text.Encoding.UTF8.GetString(response.Body.Span);
        }

        Task LetGoOnAsync(Func<bool> isOver) => Eventually.BecomesTrueAsync(() =>
        {
            redis.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return isOver();
        });

        async Task ReplyAsync(string what)
        {
            TestContext.Out.WriteLine(what);
            (await network.MessageAsync(next++)).Reply();
        }
    }

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
