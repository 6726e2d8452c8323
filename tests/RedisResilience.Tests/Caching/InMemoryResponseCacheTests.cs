using System.Text;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching;

internal sealed class InMemoryResponseCacheTests : ResponseCacheContract
{
    private readonly FakeTimeProvider _clock = new();

    public InMemoryResponseCacheTests() => Cache = new InMemoryResponseCache(_clock, maximumSize: 64 * 1024);

    protected override IResponseCache Cache { get; }

    [Test]
    public async Task Entry_LivesAsLongAsItShould()
    {
        Assert.That(await Cache.SetAsync("key", "body"u8.ToArray(), TimeSpan.FromSeconds(60)), Is.True);
        _clock.Advance(TimeSpan.FromSeconds(59));
        using (var hit = await Cache.GetWithTimeToLiveAsync("key"))
        {
            Assert.That((hit.IsHit, Encoding.UTF8.GetString(hit.Body.Span), hit.TimeToLive), Is.EqualTo(
                (true, "body", (TimeSpan?)TimeSpan.FromSeconds(1))));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await Cache.GetAsync("key")).IsHit, Is.False);
    }

    [Test]
    public async Task MoreThanItMayHold_TheLeastRecentlyUsedGoes()
    {
        for (var entry = 0; entry < 10; entry++)
        {
            await Cache.SetAsync($"key{entry}", new byte[10_000], TimeSpan.FromMinutes(1));
            (await Cache.GetAsync("key0")).Dispose();
        }

        Assert.That((await Cache.GetAsync("key0")).IsHit, Is.True);
        Assert.That((await Cache.GetAsync("key1")).IsHit, Is.False);
        Assert.That((await Cache.GetAsync("key9")).IsHit, Is.True);
    }

    [Test]
    public async Task EntryThatIsLargerThanAllItMayHold_TakesNoOtherWithIt()
    {
        await Cache.SetAsync("key", "body"u8.ToArray(), TimeSpan.FromMinutes(1));
        await Cache.SetAsync("large", "body"u8.ToArray(), TimeSpan.FromMinutes(1));
        await Cache.SetAsync("large", new byte[100_000], TimeSpan.FromMinutes(1));
        Assert.That((await Cache.GetAsync("key")).IsHit, Is.True);
        Assert.That((await Cache.GetAsync("large")).IsHit, Is.False, "nor is the older one served");
    }

    [Test]
    public void BadArguments_AreRefused()
    {
        Assert.That(() => new InMemoryResponseCache(null!), Throws.ArgumentNullException);
        Assert.That(() => new InMemoryResponseCache(_clock, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
