using System.Net;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Connects to wherever the primary is: at the addresses of the connection string, or where the sentinels say.</summary>
/// <param name="options">How.</param>
/// <param name="sentinels">Who knows the primary; null where the connection string does.</param>
/// <param name="namesEach">Whether each multiplexer needs a name of its own among the server's clients, to be found by it.</param>
internal sealed class Dialer(ConfigurationOptions options, SentinelDirectory? sentinels, bool namesEach) : IAsyncDisposable
{
    /// <summary>Whether somebody else decides who is the primary.</summary>
    public bool HasDirectory => sentinels is not null;

    /// <summary>One attempt. Null: nobody knows the primary. The multiplexer may be without a connection, and keeps trying.</summary>
    public async Task<ConnectionMultiplexer?> DialAsync()
    {
        if (sentinels is null)
        {
            return await DialAsync([.. options.EndPoints]).ConfigureAwait(false);
        }

        return await sentinels.FindPrimaryAsync().ConfigureAwait(false) is { } primary ? await DialAsync([primary]).ConfigureAwait(false) : null;
    }

    /// <summary>One attempt to reach the primary, if it is another than the one that a multiplexer is connected to. Null: it is not, or nobody knows.</summary>
    public async Task<ConnectionMultiplexer?> FollowAsync(IConnectionMultiplexer current) =>
        sentinels is not null && await sentinels.FindPrimaryAsync().ConfigureAwait(false) is { } primary && !current.GetEndPoints().Contains(primary)
            ? await DialAsync([primary]).ConfigureAwait(false)
            : null;

    public ValueTask DisposeAsync() => sentinels?.DisposeAsync() ?? default;

    private async Task<ConnectionMultiplexer> DialAsync(IReadOnlyList<EndPoint> servers)
    {
        var own = options.Clone();
        own.Ssl = options.Ssl;
        own.Defaults = options.Defaults;
        own.ClientName = namesEach ? $"{options.ClientName ?? "redisresilience"}:{Guid.NewGuid():N}" : options.ClientName;
        own.EndPoints.Clear();
        foreach (var server in servers)
        {
            own.EndPoints.Add(server);
        }

        return await ConnectionMultiplexer.ConnectAsync(own).ConfigureAwait(false);
    }
}
