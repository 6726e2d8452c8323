using System.Buffers.Binary;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.Tests;
using RedisResilience.Tests.RateLimiting.Exactness;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>Scripts keep the promise on a real server, by the test's time; and garbage stands under the key now and then.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class ServerChangesTests(ServerKind kind) : ChangesContract
{
    private JudgedLimiter _judged = null!;

    protected override IRateLimiter Limiter => _judged.Limiter;

    // A server forgets in real time: what is remembered must outlast the test.
    protected override int Shortest => 600_000;

    protected override long Times => Rounds.Of(100, 3000);

    protected override bool JudgesFixedWindows => false;

    [OneTimeSetUp]
    public async Task Connect() => _judged = await JudgedLimiter.ConnectAsync(kind, Clock);

    [OneTimeTearDown]
    public ValueTask Disconnect() => _judged.DisposeAsync();

    protected override async Task KeepAsync(string key)
    {
        var life = (long)await _judged.Database.ExecuteAsync("PTTL", Name(key));
        Assert.That(life, Is.Not.EqualTo(-1), "a key without an end");
        if (life > 0)
        {
            await _judged.Database.KeyExpireAsync(Name(key), TimeSpan.FromMilliseconds(life) + TimeSpan.FromSeconds(15));
        }
    }

    protected override async Task SpoilAsync(string key, int how)
    {
        var name = Name(key);
        var isText = await _judged.Database.KeyTypeAsync(name) == RedisType.String;
        var state = isText ? (byte[]?)await _judged.Database.StringGetAsync(name) : null;
        if (how == 0)
        {
            await _judged.Database.KeyDeleteAsync(name);
            await _judged.Database.ListLeftPushAsync(name, "a list");
        }
        else if (how == 1 || state is null || state.Length < 8)
        {
            await _judged.Database.StringSetAsync(name, Enumerable.Range(0, 24).Select(place => (byte)(place * how)).ToArray());
        }
        else
        {
            // A number of the state becomes another one: of a day ahead, of long ago, negative, or impossible; or bytes are lost.
            long[] numbers = [Microseconds + 86_400_000_000, Microseconds + (
                365 * 86_400_000_000), Microseconds - 86_400_000_000, -1, 0, long.MaxValue, long.MinValue];
            var place = how % (state.Length / 8) * 8;
            BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(place), numbers[how % numbers.Length]);
            await _judged.Database.StringSetAsync(name, how == 15 ? state[..(state.Length / 2)] : state);
        }

        await _judged.Database.KeyExpireAsync(name, TimeSpan.FromHours(1));
    }

    private long Microseconds => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static RedisKey Name(string key) => $"ratelimit:{key}";
}
