using System.Diagnostics.CodeAnalysis;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using RedisResilience.Gateway.Commands;
using RedisResilience.RaceTests.Scheduling;
using StackExchange.Redis;

namespace RedisResilience.RaceTests.Races;

/// <summary>Reply, deadline, the caller's leaving and the end of the gateway race for a call: one of them ends it, nobody is given
/// another's
/// reply, and no call is left behind.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class PendingCallRace : Race, ICallObserver
{
    private const int Callers = 3;
    private const int Calls = 4;
    private const int Leaving = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource[] _leaving = [new(), new()];
    private Interleaving _run = null!;
    private PendingCalls _calls = null!;
    private int _number;
    private int _told;

    public override void Begin(Interleaving run)
    {
        _run = run;
        _calls = new PendingCalls(run.Clock, capacity: 1);
        for (var caller = 0; caller < Callers; caller++)
        {
            var token = caller < Leaving ? _leaving[caller].Token : CancellationToken.None;
            run.Start(() => CallAsync(token));
        }

        Array.ForEach(_leaving, leaving => run.Start(() => Points.Cancel(leaving)));
        if (run.Next(2) == 0)
        {
            run.Start(() => run.Clock.Advance(Deadline));
        }

        if (run.Next(4) == 0)
        {
            run.Start(_calls.Dispose);
        }
    }

    public override void Check()
    {
        Interleaving.Require(!_calls.IsFull, "a call was left behind");
        Interleaving.Require(_calls.WhenEndedAsync().IsCompleted, "the end of all calls is not told");
    }

    public void OnAnswered() => _told++;

    public void OnFault(Fault fault, string? command = null) => Interleaving.Require(fault == Fault.DeadlineExceeded, $"{fault}");

    private async Task CallAsync(CancellationToken token)
    {
        for (var call = 0; call < Calls; call++)
        {
            var number = ++_number;
            var reply = new TaskCompletionSource<int>();
            _run.Start(() => reply.SetResult(number));
            var expiresAt = _run.Clock.GetTimestamp() + (long)(Deadline.TotalSeconds * _run.Clock.TimestampFrequency);
            try
            {
                var answer = await CommandCall<Number, int, int>.WaitAsync(
                    default, null!, reply.Task, _calls, this, expiresAt, token);
                Interleaving.Require(!answer.IsAnswered || answer.Value == number, "a caller was given another's reply");
            }
            catch (OperationCanceledException)
            {
                Interleaving.Require(token.IsCancellationRequested, "a caller who had not left was sent away");
                return;
            }
        }
    }

    private readonly struct Number : IRedisCommand<int, int>
    {
        public RedisKey Key => default;

        public static bool TryRead(int reply, out int value)
        {
            value = reply;
            return true;
        }

        public void Discard(int reply, bool isCancelled)
        {
        }

        public Task<int> SendAsync(IDatabase database) => throw new NotSupportedException();
    }
}
