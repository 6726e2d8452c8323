using System.Runtime.CompilerServices;
using RedisResilience.Pooling;

namespace RedisResilience.Tests.Pooling;

/// <summary>A pooled async method does whatever one on the heap does.</summary>
internal sealed class PooledValueTaskTests
{
    private static readonly AsyncLocal<int> Ambient = new();

    [Test]
    public async Task Result_IsReturned([Values] bool waits) => Assert.That(await DoubleAsync(Gate(waits), 21), Is.EqualTo(42));

    [Test]
    public void Exception_IsThrown([Values] bool waits) =>
        Assert.That(async () => await ThrowAsync(Gate(waits), new InvalidOperationException("x")), Throws.InvalidOperationException);

    [Test]
    public void Cancellation_IsACancelledTask([Values] bool waits)
    {
        var task = ThrowAsync(Gate(waits), new OperationCanceledException(new CancellationToken(canceled: true))).AsTask();
        Assert.That(async () => await task, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(task.IsCanceled, Is.True);
    }

    [Test]
    public async Task Context_FlowsIntoTheMethod_AndNotOutOfIt([Values] bool waits)
    {
        Ambient.Value = 1;
        Assert.That(await ReplaceAmbientAsync(Gate(waits)), Is.EqualTo(1));
        Assert.That(Ambient.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Machine_IsUsedAgain_AndManyMayWaitAtOnce()
    {
        for (var round = 0; round < 3; round++)
        {
            var gate = new TaskCompletionSource();
            Task<int>[] waiting = [.. Enumerable.Range(0, 100).Select(number => DoubleAsync(gate.Task, number).AsTask())];
            gate.SetResult();
            Assert.That(
                await Task.WhenAll(waiting).WaitAsync(Patience.Limit), Is.EqualTo(Enumerable.Range(0, 100).Select(number => 2 * number)));
        }
    }

    [Test]
    public async Task WhoAwaitsTwice_IsToldSo_AndTakesNobodysMachine()
    {
        var task = DoubleAsync(Task.CompletedTask, 1);
        await task;
        Assert.That(async () => await task, Throws.InvalidOperationException);
    }

    private static Task Gate(bool waits) => waits ? Task.Run(() => { }) : Task.CompletedTask;

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> DoubleAsync(Task gate, int number)
    {
        await gate.ConfigureAwait(false);
        await Task.Yield();
        return number * 2;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> ThrowAsync(Task gate, Exception exception)
    {
        await gate.ConfigureAwait(false);
        throw exception;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private static async ValueTask<int> ReplaceAmbientAsync(Task gate)
    {
        await gate.ConfigureAwait(false);
        var found = Ambient.Value;
        Ambient.Value = 2;
        return found;
    }
}
