using RedisResilience.Caching;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Reading;
using RedisResilience.Caching.Stores;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

/// <summary>Whatever a request asks of Redis, one thing after the other or through others who ask for it, ends within one deadline of its
/// start.</summary>
internal sealed class OneDeadlineTests
{
    private const string Key = "predictions:v1:AAPL";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(60);
    private static readonly CacheEntryOptions Plain = new(TimeSpan.FromMinutes(1));
    private static readonly CacheEntryOptions Tagged = Plain with { Tags = ["tag"] };

    private readonly SimulatedRedis _redis = new();
    private readonly HeldNetwork _network;
    private readonly ResponseCacheParts _parts;
    private readonly ResponseCache _cache;
    private int _next;

    public OneDeadlineTests()
    {
        _network = new HeldNetwork(_redis.Clock);
        _parts = Caches.PartsOver(
            new SimulatedGateway(_redis, _network), new RedisResilienceOptions { MaximumConcurrentLoads = 1 }, _redis.Clock);
        _cache = new ResponseCache(_parts);
    }

    private long Now => _redis.Clock.GetTimestamp();

    [Test]
    public async Task KeyOfUnknownNamespace_IsResolvedAndReadInOne()
    {
        var end = Now + Ticks(HeldNetwork.Deadline);
        var reading = _cache.GetAsync(Key).AsTask();
        Assert.That(_network.Count, Is.EqualTo(3), "the version, which is kept twice, and the entry leave together");
        await ReplyAsync(end, "the version");
        await ReplyAsync(end, "its copy");
        await MissAsync(end, "the read");
        Assert.That((await reading.WaitAsync(Patience.Limit)).Outcome, Is.EqualTo(CacheOutcome.Unavailable));
    }

    [Test]
    public async Task DoubtfulKey_IsRepairedResolvedAndReadInOne()
    {
        _parts.Pending.Remember(RedisResilience.Caching.Invalidation.Removal.OfNamespace("predictions:v1"));
        var end = Now + Ticks(HeldNetwork.Deadline);
        var reading = _cache.GetAsync(Key).AsTask();
        await ReplyAsync(end, "the repair");
        await MissAsync(end, "the read");
        Assert.That((await reading.WaitAsync(Patience.Limit)).Outcome, Is.EqualTo(CacheOutcome.Unavailable));
    }

    [Test]
    public async Task WhoHasLessTimeThanOneWhoAsksTheSame_AsksItself()
    {
        var since = Now;
        _redis.Clock.Advance(Step);
        var others = _parts.Namespaces.ResolveAsync(Key).AsTask();
        await _network.MessageAsync(_next++);
        await _network.MessageAsync(_next++);
        var own = _parts.Namespaces.ResolveAsync(Key, since).AsTask();
        await MissAsync(since + Ticks(HeldNetwork.Deadline), "its own");
        await MissAsync(since + Ticks(HeldNetwork.Deadline), "and its copy");
        Assert.That((await own.WaitAsync(Patience.Limit), others.IsCompleted), Is.EqualTo((default(string), false)));
    }

    [Test]
    public async Task EntryWithATag_IsReadAndJudgedInOne()
    {
        await _redis.Store.SetAsync("key", Compose(Tagged), TimeSpan.FromMinutes(1), default);
        var end = Now + Ticks(HeldNetwork.Deadline);
        var reading = _cache.GetAsync("key").AsTask();
        await ReplyAsync(end, "the read");
        await MissAsync(end, "the tag");
        await MissAsync(end, "its copy");
        Assert.That((await reading.WaitAsync(Patience.Limit)).HasBody, Is.False);
    }

    [Test]
    public async Task Load_TakesItsLeaseAndItsTagsInOne()
    {
        var end = Now + Ticks(HeldNetwork.Deadline);
        var filling = _cache.GetOrCreateAsync("key", Tagged, 0, Source).AsTask();
        await ReplyAsync(end, "the read, and how long the entry has left to live");
        (await _network.MessageAsync(_next++)).Reply();
        await ReplyAsync(end, "the lease");
        await MissAsync(end, "the tag");
        await MissAsync(end, "its copy");
        using var response = await filling.WaitAsync(Patience.Limit);
        Assert.That((response.HasBody, response.IsStored), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task TagsThatTheSourceTells_AreAskedForInWhatIsLeft()
    {
        var end = Now + Ticks(HeldNetwork.Deadline);
        var slow = TimeSpan.FromSeconds(1);
        var filling = FillAsync("key", Plain, Now, _ =>
        {
            _redis.Clock.Advance(slow);
            return new ValueTask<SourceResponse>(SimulatedNode.Body("body") with { Tags = ["told"] });
        });
        await ReplyAsync(end, "the lease");
        await MissAsync(end + Ticks(slow), "the tag, after what the source has taken");
        Assert.That((await filling.WaitAsync(Patience.Limit))!.Value.HasBody, Is.True);
    }

    [Test]
    public async Task WhoJoinsALoadThatWaitsForItsTags_WaitsNoLongerThanItsOwnDeadline()
    {
        var joinsAt = Now;
        _redis.Clock.Advance(Step);
        var end = Now + Ticks(HeldNetwork.Deadline);
        var starter = FillAsync("key", Tagged, Now, Source);
        await ReplyAsync(end, "the starter's lease");
        var held = await _network.MessageAsync(_next++);
        Assert.That(held.EndsAt, Is.EqualTo(end), "the starter's tag");
        await _network.MessageAsync(_next++);

        var joiner = FillAsync("key", Tagged, joinsAt, static _ => throw new InvalidOperationException("there is a load already"));
        await MissAsync(joinsAt + Ticks(HeldNetwork.Deadline), "the same tag, in the joiner's time");
        await MissAsync(joinsAt + Ticks(HeldNetwork.Deadline), "and its copy");
        using var joined = (await joiner.WaitAsync(Patience.Limit))!.Value;
        Assert.That((joined.HasBody, joined.IsStored), Is.EqualTo((true, false)));
        Assert.That((await starter.WaitAsync(Patience.Limit))!.Value.HasBody, Is.True);
    }

    [Test]
    public async Task LoadThatWaitsForItsTags_HoldsNoTurnOfTheSource()
    {
        var waiting = FillAsync("key", Tagged, Now, Source);
        (await _network.MessageAsync(_next++)).Reply();
        await _network.MessageAsync(_next++);
        await _network.MessageAsync(_next++);

        var other = FillAsync("other", Plain, Now, Source);
        (await _network.MessageAsync(_next++)).Reply();
        Assert.That((await other.WaitAsync(Patience.Limit))!.Value.HasBody, Is.True);
        Assert.That(waiting.IsCompleted, Is.False);
    }

    private static ValueTask<SourceResponse> Source(int state, CancellationToken token) => new(SimulatedNode.Body("body"));

    private static ValueTask<SourceResponse> Source(CancellationToken token) => Source(0, token);

    private Task<CachedResponse?> FillAsync(
        string key, CacheEntryOptions options, long since, Func<CancellationToken, ValueTask<SourceResponse>> source) =>
        _parts.Filler.FillAsync(
            new SourceCallOf<Func<CancellationToken, ValueTask<SourceResponse>>>(options, since, source, static (ask, token) => ask(token)),
            new ReadResult(EntryState.Missing) { Key = key }, CancellationToken.None).AsTask();

    private ReadOnlyMemory<byte> Compose(CacheEntryOptions options) =>
        _parts.Composer.Compose("key", SimulatedNode.Body("old"), options, new[] { new RedisResilience.Caching.Entries.EntryTag(
            "tag", 1) }, EntryComposer.Terms(SimulatedNode.Body("old"), options), TimeSpan.Zero).Bytes;

    private async Task ReplyAsync(long end, string what)
    {
        var message = await _network.MessageAsync(_next++);
        Assert.That(message.EndsAt, Is.EqualTo(end), what);
        _redis.Clock.Advance(Step);
        message.Reply();
    }

    private async Task MissAsync(long end, string what)
    {
        var message = await _network.MessageAsync(_next++);
        Assert.That(message.EndsAt, Is.EqualTo(end), what);
        message.Miss();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _redis.Clock.TimestampFrequency);
}
