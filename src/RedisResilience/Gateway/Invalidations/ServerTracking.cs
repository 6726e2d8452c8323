using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>
/// Notifications by the server: <c>CLIENT TRACKING</c> in broadcasting mode, redirected to the connection that subscribes. The server then
/// stores only the prefixes, and reports every change under them by any program, except those of this connection (<c>NOLOOP</c>).
/// </summary>
/// <remarks>It uses RESP2, because the client drops the push messages of RESP3.</remarks>
internal sealed class ServerTracking
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("__redis__:invalidate");

    private readonly string _keyPrefix;
    private readonly string[] _prefixes;
    private readonly IInvalidationListener _listener;
    private readonly Action<RedisChannel, RedisValue> _onMessage;

    public ServerTracking(string keyPrefix, IEnumerable<string> prefixes, IInvalidationListener listener)
    {
        _keyPrefix = keyPrefix;
        _prefixes = [.. prefixes.Select(prefix => keyPrefix + prefix)];
        _listener = listener;
        _onMessage = (_, key) => OnMessage(key);
    }

    /// <summary>Begins to listen. Throws, as the client does, when the server or the connection does not offer it.</summary>
    public async Task StartAsync(IDatabase database)
    {
        var multiplexer = database.Multiplexer;
        await multiplexer.GetSubscriber().ResubscribeAsync(Channel, _onMessage).ConfigureAwait(false);
        var clients = (string?)await database.ExecuteAsync("CLIENT", "LIST", "TYPE", "PUBSUB").ConfigureAwait(false);
        var id = ClientList.FindId(
            clients, multiplexer.ClientName) ?? throw new RedisException("The server does not list the connection that subscribes.");

        // Off first: the connection may have been here before, and prefixes may not overlap.
        await database.ExecuteAsync("CLIENT", "TRACKING", "OFF").ConfigureAwait(false);
        object[] arguments =
            ["TRACKING", "ON", "REDIRECT", id, "BCAST", .. _prefixes.SelectMany(prefix => new object[] { "PREFIX", prefix }), "NOLOOP"];
        await database.ExecuteAsync("CLIENT", arguments).ConfigureAwait(false);
    }

    // Nothing instead of a key says that the whole database was emptied.
    private void OnMessage(RedisValue key)
    {
        if (key.IsNullOrEmpty)
        {
            _listener.InvalidateAll();
        }
        else if ((string?)key is { } text && text.StartsWith(_keyPrefix, StringComparison.Ordinal))
        {
            _listener.Invalidate(text[_keyPrefix.Length..]);
        }
    }
}
