using RedisResilience.RaceTests.Scheduling;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Sharing;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.RaceTests.Races;

/// <summary>Callers of one key who share calls, one of whom leaves: each has one answer, and all of them together what was there.</summary>
internal sealed class SharedCallRace : Race, IAcquirePath
{
    private const int Permits = 4;
    private const int Callers = 6;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(Permits, TimeSpan.FromHours(1));

    private readonly CancellationTokenSource _leaving = new();
    private Interleaving _run = null!;
    private SharedCalls _shared = null!;
    private int _left = Permits;
    private int _admitted;
    private int _answered;
    private int _gone;

    public override void Begin(Interleaving run)
    {
        _run = run;
        _shared = new SharedCalls(this, run.Clock);
        for (var caller = 0; caller < Callers; caller++)
        {
            var token = caller == 0 ? _leaving.Token : CancellationToken.None;
            run.Start(() => CallAsync(token));
        }

        run.Start(() => Points.Cancel(_leaving));
    }

    public override void Check()
    {
        Interleaving.Require(_answered + _gone == Callers, "a caller has no answer");
        Interleaving.Require(_admitted + _left <= Permits, "permits that two have");
        Interleaving.Require(_admitted + _gone >= Permits, "a caller was denied what was there");
    }

    public RateLimitDecision Answer(in LocalKey key, RateLimit limit, int permits) => default;

    public RateLimitDecision Fail(in LocalKey key, RateLimit limit, int permits) => throw new RaceException("every call was answered");

    public async ValueTask<RateLimitDecision?> TakeAsync(LocalKey key, RateLimit limit, int unit, int callers, long since) =>
        await TakeAsync(callers);

    // As the limiter does: joins who has come before, or asks and lets others come after.
    private async Task CallAsync(CancellationToken token)
    {
        var key = LocalKey.Of("key", Limit);
        try
        {
            Answered(await (_shared.Join(key, Limit, 1, token) ?? AskAsync(key)));
        }
        catch (OperationCanceledException)
        {
            _gone++;
        }
    }

    private async Task<RateLimitDecision> AskAsync(LocalKey key)
    {
        var asked = TakeAsync(1);
        var shared = _shared.Begin(key, Limit, 1);
        try
        {
            return await asked;
        }
        finally
        {
            _shared.End(key);
            shared?.GoOn(isAnswered: true);
        }
    }

    private async Task<RateLimitDecision> TakeAsync(int callers)
    {
        await _run.YieldAsync();
        var granted = Math.Min(_left, callers);
        _left -= granted;
        await _run.YieldAsync();
        return new RateLimitDecision
        {
            IsAllowed = granted > 0, Granted = granted, Limit = Permits, Remaining = _left, Source = DecisionSource.Redis,
        };
    }

    private void Answered(RateLimitDecision decision)
    {
        _answered++;
        _admitted += decision.IsAllowed ? 1 : 0;
    }
}
