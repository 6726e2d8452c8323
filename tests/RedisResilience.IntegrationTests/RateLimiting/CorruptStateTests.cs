using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>
/// Whatever stands under our key, nobody is locked out for longer than the limit says, nobody sees an exception, and the key has an end.
/// </summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class CorruptStateTests(ServerKind kind)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private JudgedLimiter _judged = null!;

    public static IEnumerable<RateLimit> Limits() =>
    [
        RateLimit.FixedWindow(3, Minute), RateLimit.SlidingWindow(3, Minute, 6), RateLimit.SlidingLog(3, Minute),
        RateLimit.TokenBucket(3, Minute),
        RateLimit.Concurrency(3, Minute), RateLimit.All(
            RateLimit.FixedWindow(3, Minute), RateLimit.SlidingWindow(3, Minute, 6), RateLimit.TokenBucket(3, Minute),
            RateLimit.SlidingLog(3, Minute)),
    ];

    /// <summary>Strings that are none of ours, or are and say what cannot be.</summary>
    public static IEnumerable<TestCaseData> Garbage()
    {
        (string Name, byte[] Bytes)[] values =
        [
            ("text", "not a number"u8.ToArray()), ("empty", []), ("negative", "-5"u8.ToArray()), ("fraction", "2.7"u8.ToArray()),
            ("zero", "0"u8.ToArray()),
            ("hexadecimal", "0x10"u8.ToArray()), ("infinite", "inf"u8.ToArray()), (
                "not a number at all", "nan"u8.ToArray()), ("exponent", "1e300"u8.ToArray()),
            ("beyond integers", "99999999999999999999"u8.ToArray()), ("a count beyond any limit", "999999999999999"u8.ToArray()),
            ("full in 317 years", "9999999999999999"u8.ToArray()), ("booked by another limit", "9995607188822900000 1 1"u8.ToArray()),
            ("booked by garbage", "9995607188822900000 x y"u8.ToArray()), (
                "MessagePack of numbers", [0x93, 1, 2, 3]), ("MessagePack of negative numbers", [0x94, 0xff, 0xff, 0xff, 0xff]),
            ("MessagePack cut short", [0x9f, 1]), ("MessagePack of a map", [0x81, 1, 2]), ("MessagePack of nil", [0xc0]), (
                "MessagePack of strings", [0x94, 0xa1, 65, 0xa1, 65, 0xa1, 65, 0xa1, 65]),
            ("MessagePack of arrays", [0x93, 0x94, 1, 2, 3, 4, 0x92, 1, 2, 0xa1, 65]), (
                "MessagePack of not a number", [0x94, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0, 1, 1]),
            ("MessagePack of infinity", [0x94, 0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0, 0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0, 1, 1]), (
                "control characters", [0, 1, 2, 255, 254]),
            ("a log of text", "garbage!garbage!garbage!"u8.ToArray()), (
                "a log of the future", [.. Enumerable.Repeat<byte>(127, 24)]), ("a log of the past", new byte[24]),
            ("several numbers", [1, 2, 3, 4, 5]), (
                "a time and garbage", [0, 0x93, 1, 2, 3, 0xa1, 65, 0xc0, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]),
        ];
        return values.Select(value => new TestCaseData(value.Bytes).SetArgDisplayNames(value.Name));
    }

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();

    [TestCaseSource(nameof(Garbage))]
    public async Task Garbage_IsSurvived(byte[] garbage)
    {
        foreach (var limit in Limits())
        {
            await SurvivesAsync(limit, key => _judged.Database.StringSetAsync(key, garbage));
        }
    }

    [Test]
    public async Task AnotherTypeOfValue_IsSurvived([ValueSource(nameof(Limits))] RateLimit limit)
    {
        await SurvivesAsync(limit, key => _judged.Database.HashSetAsync(key, "field", 1));
        await SurvivesAsync(limit, key => _judged.Database.SetAddAsync(key, "member"));
        await SurvivesAsync(limit, key => _judged.Database.ListLeftPushAsync(key, ["text", "", "-5", "2.7", "1e300"]));
        await SurvivesAsync(limit, key => _judged.Database.SortedSetAddAsync(
            key, [new("a", 1), new("b", double.MaxValue), new("c", double.PositiveInfinity), new("d", 1e300)]));
    }

    [Test]
    public async Task StateWithoutEnd_IsKeptAndGivenOne([ValueSource(nameof(Limits))] RateLimit limit, [Values(0, 1, 3)] int permits)
    {
        var key = SharedServers.NewKey();
        using var lease = (await _judged.Limiter.AcquireAsync(key, limit)).Lease;
        await _judged.Database.KeyPersistAsync($"ratelimit:{key}");
        var decision = await _judged.Limiter.AcquireAsync(key, limit, permits);
        Assert.That(decision.IsAllowed, Is.EqualTo(permits < 3));
        await HasAnEndAsync(key);
    }

    private async Task SurvivesAsync(RateLimit limit, Func<string, Task> put)
    {
        foreach (var permits in new[] { 0, 1, 3 })
        {
            var key = SharedServers.NewKey();
            await put($"ratelimit:{key}");
            var decision = await _judged.Limiter.AcquireAsync(key, limit, permits);
            Assert.That(decision.Source, Is.EqualTo(DecisionSource.Redis), $"{limit}, {permits}");
            Assert.That(decision.IsAllowed || decision.RetryAfter <= Minute * 7 / 6, Is.True, $"{limit}, {permits}: {decision}");
            Assert.That(decision.IsAllowed || limit is not Concurrency, Is.True);
            Assert.That(decision.ResetAfter, Is.LessThanOrEqualTo(Minute * 7 / 6));
            await HasAnEndAsync(key);
            decision.Lease?.Dispose();
        }
    }

    private async Task HasAnEndAsync(string key)
    {
        var life = (long)await _judged.Database.ExecuteAsync("PTTL", $"ratelimit:{key}");
        Assert.That(life, Is.EqualTo(-2).Or.InRange(0, Minute.TotalMilliseconds * 2));
    }
}
