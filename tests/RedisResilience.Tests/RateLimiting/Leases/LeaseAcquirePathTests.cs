using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>What becomes of permits that were asked for, and whose answer nobody has heard.</summary>
internal sealed class LeaseAcquirePathTests : IAsyncDisposable
{
    private static readonly RedisScript Release = RedisScript.Load<RedisLeases>("ConcurrencyRelease");
    private static readonly RateLimit Limit = RateLimit.Concurrency(5, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };

    private readonly FakeTimeProvider _clock = new();
    private readonly Mock<IRedisGateway> _gateway = GatewayStub.Create();
    private readonly List<long> _asked = [];
    private readonly List<long> _released = [];
    private readonly RedisRateLimiter _limiter;
    private Func<ValueTask<Answer<ScriptReply>>> _answer = static () => new(new Answer<ScriptReply>(new ScriptReply(1, 4, 0, 0, 1)));
    private Answer<ScriptReply> _releaseAnswer = new(new ScriptReply(1, 0, 0, 0, 0));

    public LeaseAcquirePathTests()
    {
        _gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(),
                It.IsAny<RedisKeyPrefix>(),
                It.IsAny<string>(),
                It.IsAny<ScriptArguments>(),
                It.IsAny<CancellationToken>()))
            .Returns((RedisScript script, RedisKeyPrefix _, string _, ScriptArguments arguments, CancellationToken _) =>
                Evaluate(script, arguments));
        _limiter = new RedisRateLimiter(_gateway.Object, _clock);
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    [TestCase(nameof(Fault.DeadlineExceeded))]
    [TestCase(nameof(Fault.ConnectionLost))]
    [TestCase(nameof(Fault.UnexpectedReply))]
    public async Task CallThatMayHaveRun_IsTakenBackByItsName(string fault)
    {
        _answer = () => new(new Answer<ScriptReply>(Enum.Parse<Fault>(fault)));
        var decision = await _limiter.AcquireAsync("key", Limit);
        Assert.That(decision.IsAllowed, Is.False);
        Assert.That(_released, Is.EqualTo(_asked).And.Count.EqualTo(1));
    }

    [TestCase(nameof(Fault.TooManyCalls))]
    [TestCase(nameof(Fault.CircuitOpen))]
    [TestCase(nameof(Fault.NotPermitted))]
    [TestCase(nameof(Fault.OutOfMemory))]
    [TestCase(nameof(Fault.Loading))]
    [TestCase(nameof(Fault.Busy))]
    public async Task CallThatHasNotRun_LeavesNothingToTakeBack(string fault)
    {
        _answer = () => new(new Answer<ScriptReply>(Enum.Parse<Fault>(fault)));
        await _limiter.AcquireAsync("key", Limit);
        Assert.That(_released, Is.Empty);
    }

    [Test]
    public async Task CallerWhoLeaves_LeavesNothingBehind()
    {
        var source = new TaskCompletionSource<Answer<ScriptReply>>();
        _answer = () => new(source.Task);
        var asking = _limiter.AcquireAsync("key", Limit).AsTask();
        source.SetCanceled();
        Assert.That(() => asking, Throws.InstanceOf<OperationCanceledException>());
        await Eventually.BecomesTrueAsync(() => _released.Count == 1);
        Assert.That(_released, Is.EqualTo(_asked));
    }

    [Test]
    public async Task QuestionThatTakesNothing_HasNothingToTakeBack()
    {
        _answer = static () => new(new Answer<ScriptReply>(Fault.DeadlineExceeded));
        await _limiter.AcquireAsync("key", Limit, permits: 0);
        Assert.That(_released, Is.Empty);
    }

    [Test]
    public async Task ReleaseWithoutAnAnswer_IsSentAgain()
    {
        var lease = (await _limiter.AcquireAsync("key", Limit)).Lease!;
        _releaseAnswer = new Answer<ScriptReply>(Fault.DeadlineExceeded);
        await lease.DisposeAsync();
        _releaseAnswer = new Answer<ScriptReply>(new ScriptReply(1, 0, 0, 0, 0));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_released, Is.EqualTo(new[] { _asked[0], _asked[0] }));
    }

    [Test]
    public async Task NoTwoCalls_HaveTheSameName()
    {
        var leases = new List<ConcurrencyLease>();
        for (var call = 0; call < 100; call++)
        {
            leases.Add((await _limiter.AcquireAsync("key", Limit)).Lease!);
        }

        Assert.That(_asked, Is.Unique);
        Assert.That(_asked, Is.All.InRange(0, 1L << 52));
        Assert.That(leases.ConvertAll(lease => lease.Held!.Name), Is.EqualTo(_asked));
    }

    private ValueTask<Answer<ScriptReply>> Evaluate(RedisScript script, ScriptArguments arguments)
    {
        if (script.Text == Release.Text)
        {
            _released.Add(arguments.Constants.Values[0]);
            return new ValueTask<Answer<ScriptReply>>(_releaseAnswer);
        }

        _asked.Add(arguments.Count == 1 ? arguments.First : arguments.Third);
        return _answer();
    }
}
