using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching;

/// <summary>What every <see cref="IResponseCache"/> keeps to, with Redis and without. The cache under test holds nothing.</summary>
internal abstract class ResponseCacheContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected abstract IResponseCache Cache { get; }

    [TestCaseSource(typeof(Keys), nameof(Keys.Good))]
    public async Task GoodKey_IsTakenByEveryMethod(string key)
    {
        foreach (var call in Calls(key))
        {
            await call();
        }
    }

    [TestCaseSource(typeof(Keys), nameof(Keys.Bad))]
    public void BadKey_IsRefusedByEveryMethod(string key)
    {
        foreach (var call in Calls(key))
        {
            Assert.That(call, Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("key"));
        }
    }

    [Test]
    public void NullKey_IsRefusedByEveryMethod()
    {
        foreach (var call in Calls(null!))
        {
            Assert.That(call, Throws.ArgumentNullException);
        }
    }

    [Test]
    public async Task CancelledToken_ThrowsFromEveryMethod()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        foreach (var call in Calls("key", Minute, cancellation.Token))
        {
            Assert.That(call, Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [TestCaseSource(nameof(BadTimesToLive))]
    public void TimeToLiveOutOfRange_IsRefused(TimeSpan timeToLive)
    {
        foreach (var call in Calls("key", timeToLive).Skip(5))
        {
            Assert.That(call, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName))
                .EqualTo("timeToLive"));
        }
    }

    [TestCaseSource(nameof(GoodTimesToLive))]
    public async Task TimeToLiveInRange_IsTaken(TimeSpan timeToLive)
    {
        foreach (var call in Calls("key", timeToLive))
        {
            await call();
        }
    }

    [Test]
    public void NullSource_IsRefused() => Assert.That(
        () => Cache.GetOrCreateAsync("key", Minute, 0, null!).AsTask(),
        Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("source"));

    [Test]
    public async Task NothingThere_IsAMiss()
    {
        using var plain = await Cache.GetAsync("key");
        using var timed = await Cache.GetWithTimeToLiveAsync("key");
        Assert.That((plain.HasBody, plain.IsHit, plain.Body.Length), Is.EqualTo((false, false, 0)));
        Assert.That((timed.HasBody, timed.IsHit, timed.TimeToLive), Is.EqualTo((false, false, (TimeSpan?)null)));
    }

    [Test]
    public void NoEntityTags_AreRefused() => Assert.That(
        () => Cache.GetIfNoneMatchAsync("key", null!).AsTask(),
        Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("entityTags"));

    [TestCase("{\"symbol\":\"AAPL\"}")]
    [TestCase("", Description = "an empty body is a body")]
    public async Task Source_GivesTheBody(string text)
    {
        using var response = await Cache.GetOrCreateAsync("key", Minute, text, static (state, _) => Body(state));
        Assert.That((response.HasBody, response.IsHit), Is.EqualTo((true, false)));
        Assert.That(Encoding.UTF8.GetString(response.Body.Span), Is.EqualTo(text));
    }

    [Test]
    public async Task SourceHasNothing_NorHasTheResponse()
    {
        using var response = await Cache.GetOrCreateAsync("key", Minute, 0, static (_, _) => Body(null));
        Assert.That((response.HasBody, response.IsHit), Is.EqualTo((false, false)));
    }

    [Test]
    public void SourceThrows_TheCallerSeesIt() => Assert.That(
        () => Cache.GetOrCreateAsync("key", Minute, 0, static (_, _) => throw new TimeoutException("the source")).AsTask(),
        Throws.InstanceOf<TimeoutException>().With.Message.EqualTo("the source"));

    // A bare null would be taken for an array and turned into an empty body.
    protected static ValueTask<ReadOnlyMemory<byte>?> Body(string? text) =>
        new(text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text));

    private static IEnumerable<TimeSpan> GoodTimesToLive() =>
        [TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)];

    private static IEnumerable<TimeSpan> BadTimesToLive() =>
    [
        TimeSpan.Zero, TimeSpan.FromTicks(
        TimeSpan.TicksPerMillisecond - 1), TimeSpan.FromSeconds(-1), TimeSpan.FromDays(365) + TimeSpan.FromTicks(1),
        TimeSpan.MinValue, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan,
    ];

    // The methods with a time to live stand last.
    private IEnumerable<Func<Task>> Calls(string key, TimeSpan? timeToLive = null, CancellationToken token = default)
    {
        var life = timeToLive ?? Minute;
        yield return () => Cache.GetAsync(key, token).AsTask();
        yield return () => Cache.GetWithTimeToLiveAsync(key, token).AsTask();
        yield return () => Cache.GetStaleAsync(key, token).AsTask();
        yield return () => Cache.GetIfNoneMatchAsync(key, "\"1\"", token).AsTask();
        yield return () => Cache.RemoveAsync(key, token).AsTask();
        yield return () => Cache.SetAsync(key, new byte[] { 1 }, life, token).AsTask();
        yield return () => Cache.GetOrCreateAsync(key, life, 0, static (_, _) => Body("body"), token).AsTask();
    }
}
