using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary>Callers of one key who come while a call is under way share the next one.</summary>
internal sealed class SharedCallsTests : IDisposable
{
    private static readonly RateLimit Hundred = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _time = new();
    private readonly Queue<(PermitRequest Request, TaskCompletionSource<Answer<ScriptReply>> Reply)> _calls = new();
    private readonly KeyCounter _count = new();
    private readonly RedisRateLimiter _limiter;

    public SharedCallsTests()
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(), It
                    .IsAny<CancellationToken>()))
            .Returns((RedisScript _, RedisKeyPrefix _, string _, ScriptArguments arguments, CancellationToken token) =>
            {
                var reply = new TaskCompletionSource<Answer<ScriptReply>>();
                token.Register(() => reply.TrySetCanceled(token));
                _calls.Enqueue((arguments.Count <= 1
                    ? PermitRequest.Exactly((int)arguments.First)
                    : new PermitRequest(
                        (int)arguments.First,
                        (int)arguments.Second,
                        Until: arguments.Count == 5 ? [.. arguments.More.Values] : null), reply));
                return new ValueTask<Answer<ScriptReply>>(reply.Task);
            });
        _limiter = new RedisRateLimiter(gateway.Object, _time);
    }

    public void Dispose() => _limiter.Dispose();

    [Test]
    public async Task FirstCallsGoOutAtOnce_AndTheOthersShareTheNext()
    {
        var callers = Enumerable.Range(0, 10).Select(_ => Acquire()).ToArray();
        Assert.That(_calls.Select(call => call.Request), Is.EqualTo(new[] { PermitRequest.Exactly(1), PermitRequest.Exactly(1) }));
        Answer(Hundred);
        Answer(Hundred);
        Assert.That(_calls.Select(call => call.Request), Is.EqualTo(new[] { PermitRequest.UpTo(8) }));
        Answer(Hundred);
        var decisions = await Task.WhenAll(callers).WaitAsync(Patience.Limit);
        Assert.That(decisions.Select(decision => decision.Remaining), Is.EqualTo(Enumerable.Range(0, 10).Select(call => 99 - call)));
        Assert.That(
            decisions.Select(decision => (decision.IsAllowed, decision.Granted, decision.Source)).Distinct(),
            Is.EqualTo(new[] { (true, 1, DecisionSource.Redis) }));
        Assert.That(_calls, Is.Empty);
    }

    [Test]
    public async Task FewerPermitsThanCallers_GoToThoseWhoCameFirst_AndRedisDeniesTheRest()
    {
        var three = RateLimit.FixedWindow(3, TimeSpan.FromHours(1));
        var callers = Enumerable.Range(0, 6).Select(_ => Acquire(three)).ToArray();
        Answer(three);
        Answer(three);
        Answer(three);
        Assert.That(callers.Skip(3).Any(caller => caller.IsCompleted), Is.False, "Redis has not denied anybody yet");
        Answer(three);
        var decisions = await Task.WhenAll(callers).WaitAsync(Patience.Limit);
        Assert.That(decisions.Select(decision => decision.IsAllowed), Is.EqualTo(new[] { true, true, true, false, false, false }));
        Assert.That(decisions.Skip(3).Select(decision => decision.RetryAfter), Is.All.GreaterThan(TimeSpan.FromMinutes(59)));
    }

    [Test]
    public async Task FirstCallIsDenied_TheOthersNeedNotAsk()
    {
        _count.Answer(Hundred, PermitRequest.Exactly(100), 0);
        var callers = Enumerable.Range(0, 10).Select(_ => Acquire()).ToArray();
        Answer(Hundred);
        Answer(Hundred);
        Assert.That(_calls, Is.Empty);
        var decisions = await Task.WhenAll(callers).WaitAsync(Patience.Limit);
        Assert.That(decisions.Select(decision => decision.IsAllowed), Is.All.False);
        Assert.That(decisions.Skip(2).Select(decision => decision.Source), Is.All.EqualTo(DecisionSource.Local));
    }

    [Test]
    public void OtherCostOrLimitOrKey_IsACallOfItsOwn()
    {
        _ = Acquire();
        _ = Acquire(permits: 2);
        _ = Acquire(RateLimit.FixedWindow(101, TimeSpan.FromHours(1)));
        _ = Acquire(Hundred with { Name = "other" });
        _ = _limiter.AcquireAsync("other", Hundred).AsTask();
        _ = _limiter.AcquireAsync("key", Hundred, 0).AsTask();
        Assert.That(_calls, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task CancelledCaller_LeavesTheOthersAlone()
    {
        using var source = new CancellationTokenSource();
        _ = Acquire();
        var first = Acquire();
        var cancelled = Acquire(token: source.Token);
        var other = Acquire();
        await source.CancelAsync();
        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        Answer(Hundred);
        Answer(Hundred);
        Assert.That(_calls.Peek().Request.Count, Is.EqualTo(1), "who has gone takes nothing");
        Answer(Hundred);
        Assert.That((await first.WaitAsync(Patience.Limit)).IsAllowed && (await other.WaitAsync(Patience.Limit)).IsAllowed, Is.True);
    }

    [Test]
    public async Task CallerWhoLeavesWhileHisPermitsAreOnTheirWay_HoldsNothing([Values] bool areRefusedAtFirst)
    {
        using var source = new CancellationTokenSource();
        _ = Acquire();
        _ = Acquire();
        var cancelled = Acquire(token: source.Token);
        Answer(Hundred);
        Answer(Hundred);
        Assert.That(_calls, Has.Count.EqualTo(1), "his call is under way");
        await source.CancelAsync();
        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        Answer(Hundred);

        // A look at the clock, and the way back.
        Answer(Hundred);
        if (areRefusedAtFirst)
        {
            var refused = _calls.Dequeue().Reply;
            Inline.Run(() => refused.SetResult(new Answer<ScriptReply>(Fault.OutOfMemory)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Answer(Hundred);
        Assert.That(_count.Answer(Hundred, PermitRequest.Exactly(0), 0).Second, Is.EqualTo(98));
    }

    [Test]
    public async Task FirstCallerCancels_TheOthersGoOn()
    {
        using var source = new CancellationTokenSource();
        _ = Acquire();
        var cancelled = Acquire(token: source.Token);
        var other = Acquire();
        await source.CancelAsync();
        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        _calls.Dequeue();
        _calls.Dequeue();
        await Eventually.BecomesTrueAsync(() => _calls.Count == 1);
        Answer(Hundred);
        Assert.That((await other.WaitAsync(Patience.Limit)).IsAllowed, Is.True);
    }

    [TestCase(FailurePolicy.Allow, true)]
    [TestCase(FailurePolicy.Deny, false)]
    public async Task CallWithoutAnAnswer_GivesAllTheFailurePolicy_AndNobodyWaitsForAnother(FailurePolicy policy, bool isAllowed)
    {
        var limit = Hundred with { FailurePolicy = policy };
        var callers = Enumerable.Range(0, 5).Select(_ => Acquire(limit)).ToArray();
        _calls.Dequeue().Reply.SetResult(new Answer<ScriptReply>(Fault.DeadlineExceeded));
        _calls.Dequeue().Reply.SetResult(new Answer<ScriptReply>(Fault.DeadlineExceeded));
        var decisions = await Task.WhenAll(callers).WaitAsync(Patience.Limit);
        Assert.That(
            decisions.Select(decision => (decision.IsAllowed, decision.Source)).Distinct(),
            Is.EqualTo(new[] { (isAllowed, DecisionSource.FailurePolicy) }));
        Assert.That(_calls, Is.Empty);
    }

    [Test]
    public async Task SharedCallWithoutAnAnswer_GivesAllTheFailurePolicy()
    {
        var callers = Enumerable.Range(0, 5).Select(_ => Acquire()).ToArray();
        Answer(Hundred);
        Answer(Hundred);
        var late = Acquire();
        _calls.Dequeue().Reply.SetResult(new Answer<ScriptReply>(Fault.DeadlineExceeded));
        var decisions = await Task.WhenAll([.. callers, late]).WaitAsync(Patience.Limit);
        Assert.That(decisions.Select(decision => decision.IsDegraded), Is.EqualTo(new[] { false, false, true, true, true, true }));
        var next = Acquire();
        Answer(Hundred);
        Assert.That((await next.WaitAsync(Patience.Limit)).IsDegraded, Is.False);
    }

    [Test]
    public Task AnyMixOfCallersAndAnswers_IsAnsweredAsOneAfterTheOther() => Gen.Select(
        Gen.Int[1, 12], Gen.Int[0, 2].Array[1, 40]).SampleAsync(
        async (permits, steps) =>
        {
            using var test = new SharedCallsTests();
            var limit = RateLimit.FixedWindow(permits, TimeSpan.FromHours(1));
            var callers = new List<Task<RateLimitDecision>>();
            foreach (var step in steps)
            {
                if (step > 0)
                {
                    callers.Add(test.Acquire(limit));
                }
                else if (test._calls.Count > 0)
                {
                    test.Answer(limit);
                }
            }

            while (test._calls.Count > 0)
            {
                test.Answer(limit);
            }

            var decisions = await Task.WhenAll(callers).WaitAsync(Patience.Limit);
            return decisions.Select(decision => decision.IsAllowed).SequenceEqual(callers.Select((_, place) => place < permits))
                && decisions.Select(decision => decision.Remaining).SequenceEqual(
                    callers.Select((_, place) => Math.Max(0, permits - 1 - place)));
        },
        iter: 300,
        threads: 1,
        writeLine: TestContext.Out.WriteLine);

    private Task<RateLimitDecision> Acquire(RateLimit? limit = null, int permits = 1, CancellationToken token = default) =>
        _limiter.AcquireAsync("key", limit ?? Hundred, permits, token).AsTask();

    /// <summary>Answers the oldest call as Redis would.</summary>
    private void Answer(RateLimit limit)
    {
        var (request, reply) = _calls.Dequeue();
        Inline.Run(() => reply.SetResult(new Answer<ScriptReply>(_count.Answer(limit, request, 0))));
    }
}
