using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>The log of who was denied: so many lines a minute and no more.</summary>
public sealed class DenialLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    [Test]
    public void Denials_AreLoggedUpToTheMinutesLines()
    {
        var log = new DenialLog(_lines, _time, 2);

        Deny(log, times: 5);
        _time.Advance(TimeSpan.FromSeconds(59));
        Deny(log);
        Assert.That(_lines.Texts, Has.Count.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Deny(log);

        Assert.That(_lines.Texts, Is.EqualTo(new[]
        {
            "The rate limit policy 'login' has denied '192.0.2.7'; 0 denials of the minute before have had no line.",
            "The rate limit policy 'login' has denied '192.0.2.7'; 0 denials of the minute before have had no line.",
            "The rate limit policy 'login' has denied '192.0.2.7'; 4 denials of the minute before have had no line.",
        }));
    }

    [Test]
    public void ByDefault_NobodyIsNamed()
    {
        Deny(new DenialLog(_lines, _time, 0), times: 3);

        Assert.That(_lines.Texts, Is.Empty);
    }

    private static void Deny(DenialLog log, int times = 1)
    {
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));
        var denied = new RateLimitAcquisition(
            new FakeLimiter(), "login", new RateLimitPolicy(limit), new LimitDescription(limit, "login", QuotaUnit.Requests), "192.0.2.7",
            1);
        for (var time = 0; time < times; time++)
        {
            log.Write(denied);
        }
    }

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
