using Microsoft.Extensions.Time.Testing;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Holds every command until the test brings the reply, or lets the deadline pass, and knows when that is.</summary>
internal sealed class HeldNetwork(FakeTimeProvider clock, long? startedAt = null, List<HeldMessage>? messages = null) : ISimulatedNetwork
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private readonly List<HeldMessage> _messages = messages ?? [];

    public int Count
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    public ISimulatedNetwork Since(long startedAt) => new HeldNetwork(clock, startedAt, _messages);

    /// <summary>A message, once it has been sent.</summary>
    public async Task<HeldMessage> MessageAsync(int number)
    {
        await Eventually.BecomesTrueAsync(() => Count > number);
        lock (_messages)
        {
            return _messages[number];
        }
    }

    public ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        var endsAt = (startedAt ?? clock.GetTimestamp()) + (long)(Deadline.TotalSeconds * clock.TimestampFrequency);
        if (clock.GetTimestamp() >= endsAt)
        {
            return new ValueTask<Answer<T>>(new Answer<T>(Fault.RequestTimeSpent));
        }

        var answer = new TaskCompletionSource<Answer<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_messages)
        {
            _messages.Add(new HeldMessage(
                endsAt, () =>
                    answer.TrySetResult(new Answer<T>(command())), () => answer.TrySetResult(new Answer<T>(Fault.DeadlineExceeded))));
        }

        return new ValueTask<Answer<T>>(answer.Task);
    }
}
