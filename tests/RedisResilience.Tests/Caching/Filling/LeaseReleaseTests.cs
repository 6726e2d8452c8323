using RedisResilience.Caching;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Filling;

/// <summary>A lease that was taken, or is to be given back, while no reply comes.</summary>
internal sealed class LeaseReleaseTests : ISimulatedNetwork
{
    private const string Key = "predictions:AAPL";
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1)) { MaximumFillWait = TimeSpan.Zero };
    private static readonly RedisResilienceOptions Options = new() { MaximumVersionAge = TimeSpan.Zero };

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedGateway _gateway;
    private readonly ResponseCacheParts _parts;
    private bool _isBroken;
    private int _messages;

    public LeaseReleaseTests()
    {
        _gateway = new SimulatedGateway(_redis, this);
        _parts = Caches.PartsOver(_gateway, Options, _redis.Clock);
    }

    [Test]
    public async Task LostReply_TheLeaseIsGivenBackAsSoonAsRedisAnswers()
    {
        await LoseTheLeaseAsync();
        Assert.That(await OtherFillsAsync(), Is.False, "the lease does not stand");

        _isBroken = false;
        _redis.Clock.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.BecomesTrueAsync(() => _parts.Releases.IsEmpty);
        Assert.That(await OtherFillsAsync(), Is.True);
    }

    [Test]
    public async Task Recovery_GivesItBackFirst()
    {
        await LoseTheLeaseAsync();
        Assert.That(await _parts.Releases.RunAsync(new SimulatedGateway(_redis)), Is.True);
        Assert.That(await OtherFillsAsync(), Is.True);
    }

    [Test]
    public async Task WhenTheLeaseHasEnded_ItIsLeftAlone()
    {
        await LoseTheLeaseAsync();
        for (var second = 0; second < 11; second++)
        {
            _redis.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.BecomesTrueAsync(() => _parts.Releases.IsEmpty);
    }

    // Reads are answered, the lease is taken without a reply, and then nothing comes through.
    public ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        var isRead = typeof(T) != typeof(ContentReply);
        var number = !_isBroken || (isRead && _messages == 0) ? 0 : ++_messages;
        var value = number <= 1 ? command() : default!;
        return new ValueTask<Answer<T>>(number == 0 ? new Answer<T>(value) : new Answer<T>(Fault.DeadlineExceeded));
    }

    private async Task LoseTheLeaseAsync()
    {
        _isBroken = true;
        using var response = await new ResponseCache(_parts).GetOrCreateAsync(
            Key, Minute, 0, static (_, _) => new ValueTask<SourceResponse>(SimulatedNode.Body("served")));
        Assert.That(response.HasBody, Is.True);
        await Eventually.BecomesTrueAsync(() => !_parts.Releases.IsEmpty);
    }

    private async Task<bool> OtherFillsAsync()
    {
        var other = new SimulatedNode(_redis);
        await other.GetOrCreateAsync(Key, Minute);
        return await other.HasAsync(Key);
    }
}
