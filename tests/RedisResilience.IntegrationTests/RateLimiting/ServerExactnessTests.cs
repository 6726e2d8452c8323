using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests;
using RedisResilience.Tests.RateLimiting.Exactness;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>
/// Scripts decide as the oracles do, judging by the test's time; and what they leave behind has an end, but not before it is needed.
/// </summary>
/// <remarks>
/// A single fixed window has no clock but its key's remaining life: for it the test shortens that life. Nothing exact can be said then to
/// less than
/// what passes between two commands, so its pauses end well within windows.
/// </remarks>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerExactnessTests(ServerKind kind) : ExactnessContract
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, DateTimeOffset> _windowEnds = [];
    private JudgedLimiter _judged = null!;

    protected override IRateLimiter Limiter => _judged.Limiter;

    protected override Schedules Schedules { get; } = new(shortest: 600_000);

    protected override long Times => Rounds.Of(30, 1000);

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind, Clock);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();

    // A permit that is taken just before midnight is kept for no longer than that, by the server's own clock.
    protected override bool TellsExactly(RateLimit limit) => limit is not FixedWindow && !CalendarsOf(limit).Any();

    protected override bool IsTime(RateLimit limit, TimeSpan actual, long expected)
    {
        var late = actual - TimeSpan.FromMicroseconds(expected);
        return limit is not FixedWindow ? late == TimeSpan.Zero : late <= TimeSpan.FromMilliseconds(2) && late > -Slack;
    }

    protected override async Task PassAsync(string key, RateLimit limit, TimeSpan time)
    {
        await base.PassAsync(key, limit, time);
        while (CalendarsOf(limit).Select(UntilBorder).FirstOrDefault(left => left < Slack) is { Ticks: > 0 } left)
        {
            await base.PassAsync(key, limit, left);
        }

        if (limit is FixedWindow && time > TimeSpan.Zero && _windowEnds.TryGetValue(key, out var end))
        {
            if (end > Clock.GetUtcNow() && end < Clock.GetUtcNow() + Slack)
            {
                // Parts of a window may end a microsecond before it: too near to its end to be told from it.
                await base.PassAsync(key, limit, end - Clock.GetUtcNow());
            }

            if (end > Clock.GetUtcNow())
            {
                await _judged.Database.KeyExpireAsync($"ratelimit:{key}", end - Clock.GetUtcNow());
            }
            else
            {
                await _judged.Database.KeyDeleteAsync($"ratelimit:{key}");
                _windowEnds.Remove(key);
            }
        }
    }

    protected override async Task<bool> IsWellKeptAsync(string key, RateLimit limit, RateLimitDecision decision)
    {
        if (limit is FixedWindow window && decision.Granted > 0
            && (!_windowEnds.TryGetValue(key, out var end) || decision.ResetAfter > end - Clock.GetUtcNow() + Slack))
        {
            _windowEnds[key] = Clock.GetUtcNow() + window.Window;
        }

        var life = (long)await _judged.Database.ExecuteAsync("PTTL", $"ratelimit:{key}");
        if (limit is not FixedWindow)
        {
            // The server's own clock goes on: what would end with its next look at it is still needed by the test's.
            var isThere = life > 0
                && await _judged.Database.KeyExpireAsync($"ratelimit:{key}", TimeSpan.FromMilliseconds(life) + Slack);
            life = isThere || life == -1 ? life : -2;
            if (life == -2 && decision.ResetAfter < Slack)
            {
                // It may have ended by the server's clock a moment before it does by the test's, or after a refund: then it does now.
                Clock.Advance(decision.Source == DecisionSource.None ? Slack : decision.ResetAfter);
                return !decision.IsDegraded;
            }
        }

        return !decision.IsDegraded && life switch
        {
            -1 => false,
            -2 => decision.ResetAfter == TimeSpan.Zero,
            _ => TimeSpan.FromMilliseconds(life) > decision.ResetAfter - Slack,
        };
    }

    private static IEnumerable<CalendarWindow> CalendarsOf(RateLimit limit) => limit.Parts.Prepend(limit).OfType<CalendarWindow>();

    private TimeSpan UntilBorder(CalendarWindow limit)
    {
        var now = (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return TimeSpan.FromMicroseconds(limit.EndAfter(now) - now);
    }
}
