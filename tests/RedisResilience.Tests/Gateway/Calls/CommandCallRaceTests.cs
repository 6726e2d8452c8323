using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Calls;

/// <summary>Replies, first replies that have the command sent again, deadlines and cancellations of many calls at once, in any order and on
/// several threads, over one pool of reused calls.</summary>
internal sealed class CommandCallRaceTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    // What happens to one call: whether it has to be sent again, which of the other three come, and when among all that happens to all
    // calls.
    private static readonly Gen<Fate[]> Fates = Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000])
        .Select((fails, replies, cancels, isShort, failTurn, replyTurn, cancelTurn) =>
            new Fate(fails, replies, cancels, isShort, failTurn, replyTurn, cancelTurn)).Array[1, 60];

    [Test]
    public async Task AnyInterleaving_EveryCallerGetsItsOwnAnswerAndEveryReplyIsTakenOnce() =>
        await Gen.Select(Fates, Gen.Int[0, 1000]).SampleAsync(
            (fates, deadlineTurn) => Task.Run(() => RunAsync(fates, deadlineTurn)), iter: 300, print: scenario =>
                string.Join(", ", scenario.Item1.AsEnumerable()));

    private static async Task RunAsync(Fate[] fates, int deadlineTurn)
    {
        var time = new FakeTimeProvider();
        using var calls = new PendingCalls(time, int.MaxValue);
        var races = fates.Select((fate, index) => new Race(fate, index)).ToArray();
        var callers = races.Select(race => race.CallAsync(calls, time)).ToArray();

        var turns = races.SelectMany(race => race.Turns).Append((Turn: deadlineTurn, Action: () => time.Advance(Short)));
        Parallel.ForEach(turns.OrderBy(turn => turn.Turn), new ParallelOptions { MaxDegreeOfParallelism = 4 }, turn => turn.Action());

        // Whoever still waits meets its deadline, and whatever reply has not come yet comes now.
        time.Advance(Long);
        await Task.WhenAll(callers).WaitAsync(Patience.Limit);
        foreach (var race in races)
        {
            race.Reply();
            await race.CheckAsync();
            race.Dispose();
        }
    }

    internal sealed record Fate(bool Fails, bool Replies, bool Cancels, bool IsShort, int FailTurn, int ReplyTurn, int CancelTurn);

    private sealed class Race(Fate fate, int index) : IDisposable
    {
        private readonly FakeReply _content = new(index);
        private readonly TaskCompletionSource<FakeReply> _refusal = new();
        private readonly TaskCompletionSource<FakeReply> _reply = new();
        private readonly CancellationTokenSource _cancellation = new();
        private readonly CallLog _log = new();
        private int _sentAgain;
        private Answer<int>? _answer;
        private CancellationToken _cancelledBy;

        public IEnumerable<(int Turn, Action Action)> Turns
        {
            get
            {
                if (fate.Fails)
                {
                    yield return (fate.FailTurn, Refuse);
                }

                if (fate.Replies)
                {
                    yield return (fate.ReplyTurn, Reply);
                }

                if (fate.Cancels)
                {
                    yield return (fate.CancelTurn, _cancellation.Cancel);
                }
            }
        }

        private Task<FakeReply> First => fate.Fails ? _refusal.Task : _reply.Task;

        public void Reply()
        {
            Refuse();
            _reply.TrySetResult(_content);
        }

        public async Task CallAsync(PendingCalls calls, FakeTimeProvider time)
        {
            var expiresAt = time.GetTimestamp() + (fate.IsShort ? Short : Long).Ticks;
            try
            {
                _answer = await CommandCall<FakeCommand, FakeReply, int>.WaitAsync(
                    new FakeCommand(First, SendAgain), Mock.Of<IDatabase>(), First, calls, _log, expiresAt, _cancellation.Token);
            }
            catch (OperationCanceledException exception)
            {
                _cancelledBy = exception.CancellationToken;
            }
        }

        public async Task CheckAsync()
        {
            var isAnswered = _answer?.IsAnswered ?? false;
            if (isAnswered)
            {
                Expect(_answer!.Value.Value == index, $"the answer of call {_answer.Value.Value}");
            }
            else if (_answer is { } answer)
            {
                Expect(answer.Fault == Fault.DeadlineExceeded, $"fault {answer.Fault}");
            }
            else
            {
                Expect(fate.Cancels && _cancelledBy == _cancellation.Token, "another caller's cancellation");
            }

            var isReplied = !fate.Fails || _sentAgain == 1;
            Expect(_sentAgain <= (fate.Fails ? 1 : 0), $"been sent again {_sentAgain} times");
            await Eventually.BecomesTrueAsync(() => (_content.Reads, _content.Discards) == (isAnswered ? (1, 0) : (0, isReplied ? 1 : 0)));
            Expect(_log.Ends.Count == (_answer is null ? 0 : 1), $"observed {_log.Ends.Count} times");
        }

        public void Dispose() => _cancellation.Dispose();

        private void Refuse() => _refusal.TrySetException(new RedisServerException(RedisErrorKind.NoScript, CommandFlags.None, "NOSCRIPT"));

        private Task<FakeReply> SendAgain()
        {
            Interlocked.Increment(ref _sentAgain);
            return _reply.Task;
        }

        private void Expect(bool isMet, string otherwise)
        {
            if (!isMet)
            {
                throw new AssertionException($"Call {index} has {otherwise}.");
            }
        }
    }
}
