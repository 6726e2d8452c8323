using System.Runtime.CompilerServices;
using RedisResilience.AspNetCore.Pooling;

namespace RedisResilience.Tests.AspNetCore.Pooling;

/// <summary>A pooled async method does whatever one on the heap does.</summary>
internal sealed class PooledTaskTests
{
    private static readonly AsyncLocal<int> Ambient = new();

    [Test]
    public async Task Method_RunsToItsEnd([Values] bool waits)
    {
        var numbers = new List<int>();
        await AddAsync(numbers, 1, Gate(waits));
        Assert.That(numbers, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Exception_IsThrown([Values] bool waits) => Assert.That(async () => await AddAsync(null!, 1, Gate(waits)), Throws.InstanceOf<NullReferenceException>());

    [Test]
    public async Task Context_FlowsIntoTheMethod_AndNotOutOfIt([Values] bool waits)
    {
        Ambient.Value = 1;
        var numbers = new List<int>();
        await ReplaceAmbientAsync(numbers, Gate(waits));
        Assert.That(numbers, Is.EqualTo(new[] { 1 }));
        Assert.That(Ambient.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Machine_IsUsedAgain_AndManyMayWaitAtOnce()
    {
        for (var round = 0; round < 3; round++)
        {
            var gate = new TaskCompletionSource();
            List<int>[] numbers = [.. Enumerable.Range(0, 100).Select(_ => new List<int>())];
            Task[] waiting = [.. numbers.Select((list, number) => AddAsync(list, number, gate.Task))];
            gate.SetResult();
            await Task.WhenAll(waiting).WaitAsync(Patience.Limit);
            Assert.That(numbers.SelectMany(list => list), Is.EqualTo(Enumerable.Range(0, 100)));
        }
    }

    private static Task Gate(bool waits) => waits ? Task.Run(() => { }) : Task.CompletedTask;

    [AsyncMethodBuilder(typeof(PooledTaskMethodBuilder))]
    private static async Task AddAsync(List<int> numbers, int number, Task gate)
    {
        await gate.ConfigureAwait(false);
        numbers.Add(number);
    }

    [AsyncMethodBuilder(typeof(PooledTaskMethodBuilder))]
    private static async Task ReplaceAmbientAsync(List<int> numbers, Task gate)
    {
        await gate.ConfigureAwait(false);
        numbers.Add(Ambient.Value);
        Ambient.Value = 2;
    }
}
