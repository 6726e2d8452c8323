using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;
using RedisResilience.Caching.Bulk;

namespace RedisResilience.Tests.Caching.Bulk;

internal sealed class LoadBatchTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _asked = [];
    private readonly List<CancellationToken> _tokens = [];
    private readonly TaskCompletionSource _answering = new();

    [Test]
    public async Task AllAreThereOrExcused_TheSourceIsAskedAtOnce()
    {
        var keys = Begin("a", "b", "c");
        var loads = new[] { Load(keys[0]), Load(keys[2]) };
        Assert.That(_asked, Is.Empty);
        keys[1].Leave();
        await Eventually.BecomesTrueAsync(() => Asked().Count == 1);
        Assert.That(Asked(), Is.EqualTo(new[] { "a,c" }));
        _answering.SetResult();
        Assert.That((await Task.WhenAll(loads).WaitAsync(Patience.Limit)).Select(response => response.HasBody), Is.All.True);
    }

    [Test]
    public async Task WhoWaitsForAnother_HoldsUpTheRestForTenMilliseconds_AndIsThenAskedForAtOnce()
    {
        var keys = Begin("a", "b", "c");
        _answering.SetResult();
        var first = Task.WhenAll(Load(keys[0]), Load(keys[1]));
        await PassUntilAsync(() => first.IsCompleted);
        await first.WaitAsync(Patience.Limit);
        await Load(keys[2]).WaitAsync(Patience.Limit);
        Assert.That(Asked(), Is.EqualTo(new[] { "a,b", "c" }));
    }

    [Test]
    public async Task WhileMoreCome_TheyAreGathered()
    {
        var keys = Begin("a", "b", "c", "d");
        _answering.SetResult();
        var loads = new List<Task<SourceResponse>> { Load(keys[0]) };
        for (var late = 1; late < 3; late++)
        {
            _clock.Advance(Moment / 2);
            loads.Add(Load(keys[late]));
        }

        await PassUntilAsync(() => loads.TrueForAll(load => load.IsCompleted));
        Assert.That(Asked(), Is.EqualTo(new[] { "a,b,c" }));
    }

    [Test]
    public async Task RefreshedAfterTheCall_AreStillGathered()
    {
        var keys = Begin("a", "b");
        keys[0].Leave();
        keys[1].Leave();
        _answering.SetResult();
        var loads = Task.WhenAll(Load(keys[0]), Load(keys[1]));
        await PassUntilAsync(() => loads.IsCompleted);
        await loads.WaitAsync(Patience.Limit);
        Assert.That(Asked(), Is.EqualTo(new[] { "a,b" }));
    }

    [Test]
    public async Task SameKeyAgain_HasAnAnswerOfItsOwn()
    {
        var keys = Begin("a", "b");
        _answering.SetResult();
        var loads = Task.WhenAll(Load(keys[0]), Load(keys[0]), Load(keys[1]));
        await PassUntilAsync(() => loads.IsCompleted);
        await loads.WaitAsync(Patience.Limit);
        Assert.That(Asked(), Is.EquivalentTo(new[] { "a", "a,b" }));
    }

    [Test]
    public async Task Token_IsCancelledWithTheLastWhoWantsAny()
    {
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var keys = Begin("a", "b");
        var loads = new[] { Load(keys[0], one.Token), Load(keys[1], other.Token) };
        await Eventually.BecomesTrueAsync(() => Asked().Count == 1);
        await one.CancelAsync();
        Assert.That(_tokens[0].IsCancellationRequested, Is.False);
        await other.CancelAsync();
        Assert.That(_tokens[0].IsCancellationRequested, Is.True);
        _answering.SetResult();
        await Task.WhenAll(loads).WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task WhoComesWhenAllHaveGone_IsNotCancelledWithThem()
    {
        using var gone = new CancellationTokenSource();
        var keys = Begin("a", "b", "c");
        var first = Load(keys[0], gone.Token);
        await gone.CancelAsync();
        var second = Load(keys[1]);
        keys[2].Leave();
        await PassUntilAsync(() => Asked().Count == 2);
        Assert.That(_tokens.Count(token => token.IsCancellationRequested), Is.EqualTo(1));
        _answering.SetResult();
        Assert.That((await second.WaitAsync(Patience.Limit)).HasBody, Is.True);
        await first.WaitAsync(Patience.Limit);
    }

    private BatchedKey<int>[] Begin(params string[] keys)
    {
        var batch = new LoadBatch<int>(keys.Length, 0, AskAsync, _clock);
        batch.AllHaveBegun();
        return [.. keys.Select(key => new BatchedKey<int>(batch, key))];
    }

    private static Task<SourceResponse> Load(BatchedKey<int> key, CancellationToken token = default) => key.LoadAsync(token).AsTask();

    private Task PassUntilAsync(Func<bool> isSo) => Eventually.BecomesTrueAsync(() =>
    {
        _clock.Advance(Moment);
        return isSo();
    });

    private List<string> Asked()
    {
        lock (_asked)
        {
            return [.. _asked];
        }
    }

    private async ValueTask<IReadOnlyDictionary<string, SourceResponse>> AskAsync(
        int state, IReadOnlyList<string> keys, CancellationToken token)
    {
        lock (_asked)
        {
            _asked.Add(string.Join(',', keys.Order()));
            _tokens.Add(token);
        }

        await _answering.Task;
        return keys.ToDictionary(key => key, _ => new SourceResponse(new byte[] { 1 }));
    }
}
