using System.Text;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>This assembly as a program: a process with many callers of one key, whose source counts in Redis how often it is
/// asked.</summary>
internal static class CacheCallers
{
    public const int Arguments = 4;

    private static readonly CacheEntryOptions Options = new(TimeSpan.FromMinutes(10))
    {
        LeaseTime = TimeSpan.FromMinutes(2),
        MaximumFillWait = TimeSpan.FromMinutes(2),
    };

    /// <param name="arguments">Where Redis is, the key, where to count, and the number of callers.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (key, counter, callers) = (
            arguments[1], arguments[2], int.Parse(arguments[3], System.Globalization.CultureInfo.InvariantCulture));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(arguments[0]);
        await using var service = await ResilientService.ConnectAsync(
            arguments[0], options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(30));
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        var calls = Enumerable.Range(
            0, callers).Select(_ => Task.Run(() => CallAsync(service.Cache, connection.GetDatabase(), key, counter)));
        return (await Task.WhenAll(calls)).All(body => body == "body") ? 0 : 1;
    }

    private static async Task<string> CallAsync(IResponseCache cache, IDatabase database, string key, string counter)
    {
        using var response = await cache.GetOrCreateAsync(key, Options, (database, counter), static async (state, token) =>
        {
            await state.database.StringIncrementAsync(state.counter);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, token);
            return new SourceResponse("body"u8.ToArray());
        });
        return Encoding.UTF8.GetString(response.Body.Span);
    }
}
