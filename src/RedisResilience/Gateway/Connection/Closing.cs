using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>How multiplexers are closed: at once, or when what they may still hear has come.</summary>
internal sealed class Closing(IDialer dialer, TimeProvider timeProvider) : IAsyncDisposable
{
    // A server that was silent answers on the connection that was replaced, too: what it gave there is heard of, and goes back.
    private static readonly TimeSpan TimeForLateReplies = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();

    /// <summary>Without a word to the server, which may not be listening.</summary>
    public Task CloseAsync(IConnectionMultiplexer multiplexer) =>
        dialer.IsShared ? Task.CompletedTask : multiplexer.CloseAsync(allowCommandsToComplete: false);

    /// <summary>Closes what was replaced.</summary>
    public async Task CloseLaterAsync(IConnectionMultiplexer multiplexer)
    {
        await Task.Delay(TimeForLateReplies, timeProvider, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(multiplexer).ConfigureAwait(false);
    }

    /// <summary>Nobody hears anything any more.</summary>
    public ValueTask DisposeAsync() => new(_end.CancelAsync());
}
