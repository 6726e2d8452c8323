using RedisResilience.Caching;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>What a client holds already is not moved again.</summary>
internal sealed class HeldEntryTests
{
    private const int Large = 4096;

    private readonly HeldEntry _redis = new();

    [SetUp]
    public async Task ReadOnce()
    {
        _redis.Put("\"1\"", Large);
        (await _redis.ReadAsync("\"1\"")).Dispose();
        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((1, 0)), "what it is, is not known before it was read");
    }

    [Test]
    public async Task Held_IsAllButTheBody()
    {
        var response = await _redis.ReadAsync("\"0\", W/\"1\"");
        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((1, 1)));
        Assert.That((response.IsUnchanged, response.IsHit, response.HasBody, response.Body.Length), Is.EqualTo((true, true, false, 0)));
        Assert.That(
            (response.ETag, response.ContentType, response.Annotation.ToArray()), Is.EqualTo(("\"1\"", "text/plain", new byte[] { 7 })));
        Assert.That((response.TimeToLive, response.Age), Is.EqualTo(((TimeSpan?)HeldEntry.Life, (TimeSpan?)TimeSpan.Zero)));
    }

    [Test]
    public async Task NotHeld_IsReadAsAWholeAtOnce()
    {
        using var response = await _redis.ReadAsync("\"0\"");
        Assert.That((response.IsUnchanged, response.Body.Length), Is.EqualTo((false, Large)));
        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task ChangedSince_IsReadAsAWhole_AndIsThenWhatIsKnown()
    {
        _redis.Put("\"2\"", Large + 1);
        using (var response = await _redis.ReadAsync("\"1\""))
        {
            Assert.That((response.IsUnchanged, response.ETag, response.Body.Length), Is.EqualTo((false, "\"2\"", Large + 1)));
        }

        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((2, 1)));
        Assert.That((await _redis.ReadAsync("\"2\"")).IsUnchanged, Is.True);
    }

    [Test]
    public async Task SameBodyStoredAnew_IsAnotherEntry()
    {
        _redis.Put("\"1\"", Large);
        using var response = await _redis.ReadAsync("\"1\"");
        Assert.That((response.IsUnchanged, response.Body.Length), Is.EqualTo((false, Large)));
    }

    [Test]
    public async Task Removed_IsAMiss_AndNotLookedForTwiceAgain()
    {
        _redis.Remove();
        Assert.That((await _redis.ReadAsync("\"1\"")).IsHit, Is.False);
        Assert.That((await _redis.ReadAsync("\"1\"")).IsHit, Is.False);
        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task SmallBody_IsReadAsAWhole()
    {
        _redis.Put("\"1\"", Large - 1);
        for (var read = 0; read < 2; read++)
        {
            using var response = await _redis.ReadAsync("\"1\"");
            Assert.That(response.Body.Length, Is.EqualTo(Large - 1));
        }

        Assert.That(_redis.Heads, Is.EqualTo(1), "only for what stood there before");
    }

    [Test]
    public async Task PlainEntry_IsReadAsAWhole()
    {
        _redis.PutPlain(Large);
        using var first = await _redis.Cache.GetWithTimeToLiveAsync(HeldEntry.Key);
        using var second = await _redis.ReadAsync(first.BodyETag!);
        Assert.That((second.Body.Length, _redis.Heads), Is.EqualTo((Large, 0)));
    }

    [Test]
    public async Task Refused_IsReadAsAWhole()
    {
        _redis.HeadFault = Fault.Other;
        for (var read = 0; read < 2; read++)
        {
            using var response = await _redis.ReadAsync("\"1\"");
            Assert.That(response.Body.Length, Is.EqualTo(Large));
        }

        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((3, 2)));
    }

    [Test]
    public async Task Unanswered_IsNotAskedAgain()
    {
        _redis.HeadFault = Fault.DeadlineExceeded;
        Assert.That((await _redis.ReadAsync("\"1\"")).Outcome, Is.EqualTo(CacheOutcome.Unavailable));
        Assert.That(_redis.Whole, Is.EqualTo(1));
    }

    [Test]
    public async Task HeaderReadForAnothersTag_IsNotThisOnes()
    {
        _redis.Gate = new TaskCompletionSource();
        _redis.Put("\"2\"", Large);
        var first = _redis.Cache.GetWithTimeToLiveAsync(HeldEntry.Key).AsTask();

        // It held what was known when it came; when its read is sent, something else is known.
        var behind = _redis.ReadAsync("\"1\"");
        Assert.That(_redis.Whole, Is.EqualTo(2));
        _redis.Gate.SetResult();
        using var before = await first.WaitAsync(Patience.Limit);
        using var response = await behind.WaitAsync(Patience.Limit);
        Assert.That((response.IsUnchanged, response.ETag, response.Body.Length), Is.EqualTo((false, "\"2\"", Large)));
        Assert.That(_redis.Heads, Is.EqualTo(1));
    }

    [Test]
    public async Task OneWhoWantsTheBody_GetsItForAllWhoShare()
    {
        _redis.Gate = new TaskCompletionSource();
        var first = _redis.Cache.GetWithTimeToLiveAsync(HeldEntry.Key).AsTask();
        var holder = _redis.ReadAsync("\"1\"");
        var other = _redis.Cache.GetAsync(HeldEntry.Key).AsTask();
        _redis.Gate.SetResult();
        foreach (var read in new[] { first, holder, other })
        {
            using var response = await read.WaitAsync(Patience.Limit);
            Assert.That(response.Body.Length, Is.EqualTo(Large));
        }

        Assert.That((_redis.Whole, _redis.Heads), Is.EqualTo((3, 0)));
    }
}
