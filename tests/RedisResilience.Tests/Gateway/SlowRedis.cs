using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

/// <summary>Redis that takes its time: each call lets the clock go on for so long, or to its deadline, where it has no answer. What it
/// answers is nothing.</summary>
internal sealed class SlowRedis(FakeTimeProvider time, TimeSpan roundTrip, long? startedAt = null, List<TimeSpan>? waits = null)
    : RedisCommands(keyPrefix: "")
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    /// <summary>How long each call has waited.</summary>
    public List<TimeSpan> Waits { get; } = waits ?? [];

    public override IRedisGateway Since(long startedAt) => new SlowRedis(time, roundTrip, startedAt, Waits);

    protected override ValueTask<Answer<TValue>> ExecuteAsync<TCommand, TReply, TValue>(
        TCommand command, CancellationToken cancellationToken)
    {
        // Asked in the same round trip as what follows.
        if (((string?)command.Key)?.Contains("redisresilience:namespace:", StringComparison.Ordinal) == true)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(default(TValue)!));
        }

        var left = startedAt is { } start ? Deadline - time.GetElapsedTime(start) : Deadline;
        if (left <= TimeSpan.Zero)
        {
            return new ValueTask<Answer<TValue>>(new Answer<TValue>(Fault.RequestTimeSpent));
        }

        Waits.Add(roundTrip < left ? roundTrip : left);
        time.Advance(Waits[^1]);
        return new ValueTask<Answer<TValue>>(
            roundTrip < left ? new Answer<TValue>(default(TValue)!) : new Answer<TValue>(Fault.DeadlineExceeded));
    }
}
