using System.Diagnostics.CodeAnalysis;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.RaceTests.Races;

/// <summary>Callers of one key who share calls: each has an answer, and all of them together what was there.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class SharedCallRace : Race
{
    private const int Permits = 4;
    private const int Callers = 6;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(Permits, TimeSpan.FromHours(1));

    private readonly KeyCounter _count = new();
    private Interleaving _run = null!;
    private RedisRateLimiter _limiter = null!;
    private int _admitted;
    private int _denied;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var gateway = GatewayStub.Create();
        gateway.Setup(static stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(),
                It.IsAny<CancellationToken>()))
            .Returns((RedisScript _, RedisKeyPrefix _, string _, ScriptArguments arguments, CancellationToken _) =>
                new ValueTask<Answer<ScriptReply>>(AnswerAsync(arguments)));
        _limiter = new RedisRateLimiter(gateway.Object, run.Clock);
        for (var caller = 0; caller < Callers; caller++)
        {
            run.Start(CallAsync);
        }
    }

    public override void Check()
    {
        _limiter.Dispose();
        Interleaving.Require(_admitted + _denied == Callers, "a caller has no answer");
        Interleaving.Require(_admitted == Permits, $"{_admitted} were admitted in the place of {Permits}");
    }

    private async Task CallAsync()
    {
        var decision = await _limiter.AcquireAsync("key", Limit);
        _admitted += decision.IsAllowed ? 1 : 0;
        _denied += decision.IsAllowed ? 0 : 1;
    }

    private async Task<Answer<ScriptReply>> AnswerAsync(ScriptArguments arguments)
    {
        await _run.YieldAsync();
        var request = arguments.Count <= 1
            ? PermitRequest.Exactly((int)arguments.First)
            : new PermitRequest((int)arguments.First, (int)arguments.Second);
        var reply = _count.Answer(Limit, request, now: 0);
        await _run.YieldAsync();
        return new Answer<ScriptReply>(reply);
    }
}
