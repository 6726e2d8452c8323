using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting;

internal sealed class RedisRateLimiterTests
{
    private static readonly RateLimit HundredAnHour = RateLimit.FixedWindow(100, TimeSpan.FromHours(1));

    [Test]
    public async Task RedisAllows_TheDecisionSaysWhatIsLeft()
    {
        var decision = await Answering(new ScriptReply(1, 94, 0, 60_000_000, 0)).AcquireAsync("key", HundredAnHour);
        Assert.That(decision, Is.EqualTo(new RateLimitDecision
        {
            IsAllowed = true,
            Limit = 100,
            Remaining = 94,
            Granted = 1,
            ResetAfter = TimeSpan.FromMinutes(1),
            Source = DecisionSource.Redis,
        }));
        Assert.That(decision.IsDegraded, Is.False);
    }

    [Test]
    public async Task RedisDenies_TheDecisionSaysWhenToComeBack()
    {
        var decision = await Answering(new ScriptReply(0, 0, 60_001_000, 60_000_000, 0)).AcquireAsync("key", HundredAnHour);
        Assert.That(decision, Is.EqualTo(new RateLimitDecision
        {
            IsAllowed = false,
            Limit = 100,
            Remaining = 0,
            RetryAfter = TimeSpan.FromMilliseconds(60_001),
            ResetAfter = TimeSpan.FromMinutes(1),
            Source = DecisionSource.Redis,
        }));
    }

    [TestCase(FailurePolicy.Allow, true, 100)]
    [TestCase(FailurePolicy.Deny, false, 0)]
    public async Task NoAnswer_TheFailurePolicyDecides(FailurePolicy policy, bool isAllowed, int remaining)
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None]))
        {
            var limiter = new RedisRateLimiter(GatewayStub.Silent(fault).Object, TimeProvider.System);
            var decision = await limiter.AcquireAsync("key", HundredAnHour with { FailurePolicy = policy });
            Assert.That(decision, Is.EqualTo(new RateLimitDecision
            {
                IsAllowed = isAllowed,
                Granted = isAllowed ? 1 : 0,
                Limit = 100,
                Remaining = remaining,
                Source = DecisionSource.FailurePolicy,
            }));
            Assert.That(decision.IsDegraded, Is.True);
        }
    }

    [Test]
    public async Task AnswerThatTakesAWhile_IsAwaited()
    {
        var answer = new TaskCompletionSource<Answer<ScriptReply>>();
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(), It
                    .IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<ScriptReply>>(answer.Task));
        var decision = new RedisRateLimiter(gateway.Object, TimeProvider.System).AcquireAsync("key", HundredAnHour).AsTask();
        Assert.That(decision.IsCompleted, Is.False);
        answer.SetResult(new Answer<ScriptReply>(new ScriptReply(1, 99, 0, 1, 0)));
        Assert.That((await decision.WaitAsync(Patience.Limit)).Remaining, Is.EqualTo(99));
    }

    [TestCase("", null, "192.168.1.1", "ratelimit:192.168.1.1")]
    [TestCase("", "login", "192.168.1.1", "ratelimit:login:192.168.1.1")]
    [TestCase("app:", null, "192.168.1.1", "app:ratelimit:192.168.1.1")]
    [TestCase("app:", "login", "192.168.1.1", "app:ratelimit:login:192.168.1.1")]

    // What could be read as the key of a limit with a name never is one.
    [TestCase("", null, "user:alice", "ratelimit::user:alice")]
    [TestCase("", null, ":user:alice", "ratelimit:::user:alice")]
    [TestCase("", null, "2001:db8::/64", "ratelimit::2001:db8::/64")]
    [TestCase("", "user", "alice", "ratelimit:user:alice")]
    [TestCase("", "user", ":alice", "ratelimit:user::alice")]
    public async Task Key_IsMadeOfPrefixPolicyAndCaller(string keyPrefix, string? name, string caller, string expected)
    {
        var keys = new List<string?>();
        var gateway = GatewayStub.Create(keyPrefix);
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(), It
                    .IsAny<CancellationToken>()))
            .Callback(
                (RedisScript _, RedisKeyPrefix prefix, string key, ScriptArguments _, CancellationToken _) => keys.Add(prefix.Append(key)))
            .Returns(new ValueTask<Answer<ScriptReply>>(new Answer<ScriptReply>(new ScriptReply(1, 99, 0, 1, 0))));
        await new RedisRateLimiter(gateway.Object, TimeProvider.System).AcquireAsync(caller, HundredAnHour with { Name = name });
        Assert.That(keys, Is.EqualTo(new[] { expected }));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100)]
    public async Task Script_IsToldLimitWindowAndPermitsIfTheyAreNotOne(int permits)
    {
        var constants = new ScriptConstants(100, 3_600_000);
        var gateway = GatewayStub.Create().Evaluates(new Answer<ScriptReply>(new ScriptReply(1, 99, 0, 1, 0)));
        using var source = new CancellationTokenSource();
        await new RedisRateLimiter(gateway.Object, TimeProvider.System).AcquireAsync("key", HundredAnHour, permits, source.Token);
        gateway.Verify(stub => stub.EvaluateAsync(
            HundredAnHour.Script, It.IsAny<RedisKeyPrefix>(), "key", It.Is<ScriptArguments>(arguments =>
                arguments.Constants.Equals(constants) && arguments.Count == (permits == 1 ? 0 : 1) && arguments.First == permits),
            source.Token));
    }

    [Test]
    public void BadInput_NeverReachesRedis()
    {
        var gateway = GatewayStub.Create();
        var limiter = new RedisRateLimiter(gateway.Object, TimeProvider.System);
        gateway.Invocations.Clear();
        Assert.That(() => limiter.AcquireAsync("a\nb", HundredAnHour).AsTask(), Throws.ArgumentException);
        Assert.That(() => limiter.AcquireAsync("key", null!).AsTask(), Throws.ArgumentNullException);
        Assert.That(() => limiter.AcquireAsync("key", HundredAnHour, -1).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(gateway.Invocations, Is.Empty);
    }

    [Test]
    public async Task EveryDecision_IsCountedWithoutItsKey()
    {
        using var decisions = new MetricCollector<long>(null, ResilienceMetrics.MeterName, "redis_resilience.rate_limit.decisions");
        await Answering(new ScriptReply(1, 99, 0, 1, 0)).AcquireAsync("key", HundredAnHour);
        await Answering(new ScriptReply(0, 0, 1, 1, 0)).AcquireAsync("key", HundredAnHour);
        await new RedisRateLimiter(GatewayStub.Silent().Object, TimeProvider.System).AcquireAsync("key", HundredAnHour);
        Assert.That(
            decisions.GetMeasurementSnapshot().Select(
                measurement => string.Join(' ', measurement.Tags.OrderBy(tag => tag.Key).Select(tag => tag.Value))),
            Is.EqualTo(new[] { "redis allowed default", "redis denied default", "failure_policy allowed default" }));
    }

    [Test]
    public async Task DenialThatIsHeardTwice_IsCountedOnce()
    {
        var limiter = Answering(new ScriptReply(0, 0, 60_000_000, 60_000_000, 0));
        await limiter.AcquireAsync("key", HundredAnHour);
        using var decisions = new MetricCollector<long>(null, ResilienceMetrics.MeterName, "redis_resilience.rate_limit.decisions");
        Assert.That(limiter.TryAcquireLocally("key", HundredAnHour, 1, out var heard) && !heard.IsAllowed, Is.True);
        Assert.That((await limiter.AcquireAsync("key", HundredAnHour)).Source, Is.EqualTo(DecisionSource.Local));
        Assert.That(decisions.GetMeasurementSnapshot(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task DenialWithoutRedis_IsCounted()
    {
        var limiter = Answering(new ScriptReply(0, 0, 60_000_000, 60_000_000, 0));
        using var leaving = new CancellationTokenSource();
        var first = limiter.WaitAsync("key", HundredAnHour, 1, TimeSpan.FromMinutes(2), leaving.Token).AsTask();
        using var decisions = new MetricCollector<long>(null, ResilienceMetrics.MeterName, "redis_resilience.rate_limit.decisions");
        var behind = await limiter.WaitAsync("key", HundredAnHour, 1, TimeSpan.FromSeconds(1));
        await limiter.AcquireAsync("key", HundredAnHour, 101);
        await limiter.WaitAsync("key", HundredAnHour, 101, TimeSpan.FromSeconds(1));
        await leaving.CancelAsync();

        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((behind.IsAllowed, behind.Source), Is.EqualTo((false, DecisionSource.Local)), "it stands behind one who waits");
        Assert.That(
            decisions.GetMeasurementSnapshot().Select(
                measurement => string.Join(' ', measurement.Tags.OrderBy(tag => tag.Key).Select(tag => tag.Value))),
            Is.EqualTo(new[] { "local denied default", "local denied default", "local denied default" }));
    }

    private static RedisRateLimiter Answering(ScriptReply reply) =>
        new(GatewayStub.Create().Evaluates(new Answer<ScriptReply>(reply)).Object, TimeProvider.System);
}
