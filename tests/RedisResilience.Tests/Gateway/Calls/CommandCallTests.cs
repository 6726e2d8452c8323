using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Calls;

internal sealed class CommandCallTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly CallLog _log = new();
    private readonly TaskCompletionSource<FakeReply> _reply = new();
    private readonly FakeReply _content = new(42);
    private PendingCalls _calls = null!;

    [SetUp]
    public void MakeRoomForOneCall() => _calls = new PendingCalls(_time, capacity: 1);

    [TearDown]
    public void Dispose() => _calls.Dispose();

    [Test]
    public async Task ReplyIsThereAlready_AnswersAtOnceWithoutWaiting()
    {
        var call = CommandCall<FakeCommand, FakeReply, int>.WaitAsync(
            default, Mock.Of<IDatabase>(), Task.FromResult(_content), _calls, _log, long.MaxValue, CancellationToken.None);
        Assert.That(call.IsCompletedSuccessfully);
        Assert.That((await call).Value, Is.EqualTo(42));
        Assert.That(_calls.IsFull, Is.False);
    }

    [Test]
    public async Task ReplyThatSaysAtOnceThatItHasNotRun_IsSentAgainOnce()
    {
        var sent = 0;
        var notRun = Task.FromException<FakeReply>(new RedisServerException(RedisErrorKind.NoScript, CommandFlags.None, "NOSCRIPT"));
        var command = new FakeCommand(notRun, () => sent++ == 0 ? _reply.Task : null);
        var call = CommandCall<FakeCommand, FakeReply, int>.WaitAsync(
            command, Mock.Of<IDatabase>(), notRun, _calls, _log, long.MaxValue, CancellationToken.None);
        _reply.SetResult(_content);

        Assert.That((await call.AsTask().WaitAsync(Patience.Limit)).Value, Is.EqualTo(42));
        Assert.That(sent, Is.EqualTo(1));
    }

    [Test]
    public async Task ReplyThatSaysTwiceThatItHasNotRun_IsTheFault([Values] bool atOnce)
    {
        var notRun = Task.FromException<FakeReply>(new RedisServerException(RedisErrorKind.NoScript, CommandFlags.None, "NOSCRIPT"));
        var sent = 0;
        var command = new FakeCommand(notRun, () =>
        {
            sent++;
            return atOnce ? notRun : _reply.Task;
        });
        var call = CommandCall<FakeCommand, FakeReply, int>.WaitAsync(
            command, Mock.Of<IDatabase>(), notRun, _calls, _log, long.MaxValue, CancellationToken.None);
        if (!atOnce)
        {
            _reply.SetException(notRun.Exception!.InnerException!);
        }

        Assert.That((await call.AsTask().WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.Other));
        Assert.That(sent, Is.EqualTo(1));
    }

    [Test]
    public async Task CallInThePool_KeepsNothingAlive()
    {
        var kept = await AnswerOneAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(kept.TryGetTarget(out _), Is.False);
    }

    [Test]
    public async Task ReplyBeforeDeadline_IsTheAnswer()
    {
        var call = Wait();
        _time.Advance(Deadline - TimeSpan.FromTicks(1));
        _reply.SetResult(_content);
        var answer = await call.WaitAsync(Patience.Limit);
        Assert.That((answer.Fault, answer.Value), Is.EqualTo((Fault.None, 42)));
        Assert.That((_content.Reads, _content.Discards), Is.EqualTo((1, 0)));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.None }));
        Assert.That(_calls.IsFull, Is.False);
    }

    [Test]
    public async Task DeadlineFirst_EndsExactlyThen()
    {
        var call = Wait();
        _time.Advance(Deadline - TimeSpan.FromTicks(1));
        Assert.That(_calls.IsFull, Is.True, "still waiting just before the deadline");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_calls.IsFull, Is.False, "no longer waiting at the deadline");
        var answer = await call.WaitAsync(Patience.Limit);
        Assert.That((answer.IsAnswered, answer.Fault), Is.EqualTo((false, Fault.DeadlineExceeded)));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.DeadlineExceeded }));
    }

    [Test]
    public async Task ReplyAfterDeadline_IsGivenBackUnread()
    {
        var call = Wait();
        _time.Advance(Deadline);
        await call.WaitAsync(Patience.Limit);
        Inline.Run(() => _reply.SetResult(_content));
        Assert.That((_content.Reads, _content.Discards), Is.EqualTo((0, 1)));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.DeadlineExceeded }), "a late reply says nothing new");
    }

    [Test]
    public async Task CancellationFirst_ThrowsForTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        var call = Wait(source.Token);
        await source.CancelAsync();
        var exception = await Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Patience.Limit));
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(_calls.IsFull, Is.False);
        Inline.Run(() => _reply.SetResult(_content));
        Assert.That(_content.Discards, Is.EqualTo(1));
        Assert.That(_log.Ends, Is.Empty, "a caller's cancellation says nothing about Redis");
    }

    [Test]
    public async Task CancellationAfterReply_ChangesNothing()
    {
        using var source = new CancellationTokenSource();
        var call = Wait(source.Token);
        Inline.Run(() => _reply.SetResult(_content));
        await source.CancelAsync();
        Assert.That((await call.WaitAsync(Patience.Limit)).Value, Is.EqualTo(42));
    }

    [Test]
    public void LateReply_LetsGoOfTheToken()
    {
        using var source = new CancellationTokenSource();
        var observer = MissDeadlineThenReply(source.Token);
        var isFreed = SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                return !observer.IsAlive;
            },
            Patience.Limit);
        Assert.That(isFreed, "a token as old as the application would keep alive every call that ever ran into its deadline");
    }

    [Test]
    public async Task UnreadableReply_IsUnexpected()
    {
        var call = Wait();
        _reply.SetResult(new FakeReply(42, isReadable: false));
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.UnexpectedReply));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.None, Fault.UnexpectedReply }));
    }

    [Test]
    public async Task ErrorReply_IsAFaultAndNoException()
    {
        var call = Wait();
        _reply.SetException(new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM"));
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.OutOfMemory));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.OutOfMemory }));
    }

    [Test]
    public async Task CancelledReply_IsAFaultAndNoException()
    {
        var call = Wait();
        _reply.SetCanceled();
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.ConnectionReplaced));
    }

    [Test]
    public async Task CommandThatWasNotExecuted_IsSentAgainInTheSameTime()
    {
        var again = new TaskCompletionSource<FakeReply>();
        var call = Wait(_reply.Task, _log, default, () => again.Task);
        _time.Advance(Deadline / 2);
        Inline.Run(() => _reply.SetException(NotExecuted));
        Assert.That((call.IsCompleted, _calls.IsFull), Is.EqualTo((false, true)));
        again.SetResult(_content);
        Assert.That((await call.WaitAsync(Patience.Limit)).Value, Is.EqualTo(42));
        Assert.That(_log.Ends, Is.EqualTo(new[] { Fault.None }), "nothing was wrong");
    }

    [Test]
    public async Task CommandThatWasNotExecutedTwice_HasFailed()
    {
        var sent = 0;
        var call = Wait(_reply.Task, _log, default, () =>
        {
            sent++;
            return Task.FromException<FakeReply>(NotExecuted);
        });
        _reply.SetException(NotExecuted);
        Assert.That(((await call.WaitAsync(Patience.Limit)).Fault, sent), Is.EqualTo((Fault.Other, 1)));
    }

    [Test]
    public async Task CommandThatCannotBeSentAgain_HasFailed()
    {
        var call = Wait(_reply.Task, _log, default, () => throw new InvalidOperationException("it cannot be sent"));
        _reply.SetException(NotExecuted);
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.Other));
    }

    [Test]
    public async Task DeadlineOfACommandSentAgain_IsThatOfTheCall()
    {
        var again = new TaskCompletionSource<FakeReply>();
        var call = Wait(_reply.Task, _log, default, () => again.Task);
        Inline.Run(() => _reply.SetException(NotExecuted));
        _time.Advance(Deadline);
        Assert.That((await call.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.DeadlineExceeded));
        Inline.Run(() => again.SetResult(_content));
        await Eventually.BecomesTrueAsync(() => _content.Discards == 1);
        Assert.That(_content.Reads, Is.Zero);
    }

    private static RedisServerException NotExecuted => new(RedisErrorKind.NoScript, CommandFlags.None, "NOSCRIPT");

    private Task<Answer<int>> Wait(CancellationToken cancellationToken = default) => Wait(_reply.Task, _log, cancellationToken);

    private Task<Answer<int>> Wait(
        Task<FakeReply> reply, CallLog log, CancellationToken cancellationToken, Func<Task<FakeReply>?>? again = null) =>
        CommandCall<FakeCommand, FakeReply, int>
        .WaitAsync(new FakeCommand(
            reply, again), Mock.Of<IDatabase>(), reply, _calls, log, _time.GetTimestamp() + Deadline.Ticks, cancellationToken).AsTask();

    // Not inlined, so that no local of the test's own keeps the call alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference MissDeadlineThenReply(CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<FakeReply>();
        var log = new CallLog();
        var call = Wait(reply.Task, log, cancellationToken);
        _time.Advance(Deadline);
        call.Wait(Patience.Limit, CancellationToken.None);
        Inline.Run(() => reply.SetResult(_content));
        return new WeakReference(log);
    }

    // In a method of its own, whose variables are nobody's when it has ended.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference<CallLog>> AnswerOneAsync()
    {
        var log = new CallLog();
        var call = CommandCall<FakeCommand, FakeReply, int>.WaitAsync(
            default, Mock.Of<IDatabase>(), _reply.Task, _calls, log, long.MaxValue, CancellationToken.None);
        Inline.Run(() => _reply.SetResult(_content));
        await call;
        return new WeakReference<CallLog>(log);
    }
}
