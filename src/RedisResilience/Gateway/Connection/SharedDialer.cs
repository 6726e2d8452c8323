using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Gets the connection that the application shares. The library never replaces or closes it.</summary>
internal sealed class SharedDialer(Func<Task<IConnectionMultiplexer>> connect, string? name, ILogger logger) : IDialer
{
    public ServerIdentity Server { get; private set; } = new(name, "unknown", null, 0, "an address that only the application knows");

    public Fault Trouble { get; private set; } = Fault.ConnectionFailed;

    public bool HasDirectory => false;

    public bool LogsInAnew => false;

    public bool IsShared => true;

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Noted and thrown on: whoever dials tries again.")]
    public async Task<IConnectionMultiplexer?> DialAsync()
    {
        try
        {
            var multiplexer = await connect().ConfigureAwait(false);
            Server = ServerIdentity.Of(name, multiplexer.GetEndPoints(), multiplexer.GetDatabase().Database);
            var breaches = SharedSettings.FindBreaches(multiplexer);
            if (breaches.Count > 0)
            {
                Log.SharedConnection(logger, Server.Description, string.Join("; ", breaches));
            }

            return multiplexer;
        }
        catch (Exception)
        {
            Trouble = Fault.ConnectionNotMade;
            throw;
        }
    }

    public Task<IConnectionMultiplexer?> FollowAsync(IConnectionMultiplexer current) => Task.FromResult<IConnectionMultiplexer?>(null);

    public Task LogInAsync(IConnectionMultiplexer current) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
