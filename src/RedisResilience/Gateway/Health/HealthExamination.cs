using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.Gateway.Connection;

namespace RedisResilience.Gateway.Health;

/// <summary>The questions of the probe to Redis, and how it judges the answers.</summary>
/// <param name="redis">Reaches Redis although the circuit is open.</param>
/// <param name="sender">Sends what tells how far away Redis is.</param>
/// <param name="connection">Knows whether there are several servers.</param>
/// <param name="deadline">How long an answer may take.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HealthExamination(
    IRedisGateway redis, CommandSender sender, IRedisConnection connection, CommandDeadline deadline, TimeProvider timeProvider)
{
    // In a cluster, how many servers are asked in turn before it counts as away.
    private const int ServersToAsk = 3;

    private static readonly RedisScript Greeting = new("return struct.pack('>lllll', 0, 0, 0, 0, 0)");

    private int _greetings;

    /// <summary>Asks once. Nothing is at fault when Redis can be used.</summary>
    /// <param name="isInUse">
    /// While Redis is in use, it must answer within its callers' deadline. While it is away, it gets the maximum deadline, so that a
    /// distant server can show its distance.
    /// </param>
    public async Task<Fault> RunAsync(bool isInUse)
    {
        // Alone, a server that is not in use is greeted at once: callers of a process that starts wait for these round trips.
        var (fault, roundTrip) = isInUse || connection.IsCluster
            ? await AskAroundAsync(isInUse ? deadline.Current : deadline.Maximum).ConfigureAwait(false)
            : default;
        if (fault == Fault.None && !isInUse)
        {
            (fault, roundTrip) = await GreetAsync().ConfigureAwait(false);
        }

        if (fault != Fault.None)
        {
            return fault;
        }

        deadline.Observe(roundTrip);
        return roundTrip <= deadline.Current ? Fault.None : Fault.DeadlineExceeded;
    }

    private async Task<(Fault Fault, TimeSpan RoundTrip)> AskAroundAsync(TimeSpan patience)
    {
        var (fault, roundTrip) = await PingAsync(patience).ConfigureAwait(false);
        for (var server = 1; server < ServersToAsk && fault != Fault.None && connection.IsCluster; server++)
        {
            (fault, roundTrip) = await PingAsync(patience).ConfigureAwait(false);
        }

        return (fault, roundTrip);
    }

    // A server that has just come back is slow at first: it wakes up, or it makes its script engine ready. That is waited for here, not by
    // the first
    // callers; and only the answer after it tells how far away the server is. In a cluster, each greeting may go to another server.
    private async Task<(Fault Fault, TimeSpan RoundTrip)> GreetAsync()
    {
        var greeting = await redis.EvaluateAsync(
            Greeting, default, $"{redis.KeyPrefix}redisresilience:{_greetings++}", default(ScriptArguments), CancellationToken.None)
            .ConfigureAwait(false);
        return greeting.IsAnswered || greeting.Fault.IsRefusal()
            ? await PingAsync(deadline.Maximum).ConfigureAwait(false)
            : (greeting.Fault, default);
    }

    private async Task<(Fault Fault, TimeSpan RoundTrip)> PingAsync(TimeSpan patience)
    {
        var started = timeProvider.GetTimestamp();
        var answer = await sender.SendAsync<PingCommand, TimeSpan, bool>(default, patience, SilentObserver.Instance, CancellationToken.None)
            .ConfigureAwait(false);

        // A refusal is an answer too: the server is there.
        return (answer.Fault.IsRefusal() ? Fault.None : answer.Fault, timeProvider.GetElapsedTime(started));
    }
}
