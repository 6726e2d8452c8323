using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>What high-water marks promise, wherever they are kept.</summary>
internal abstract class HighWaterMarksContract
{
    // More than Lua's numbers hold exactly: the time of a change of MongoDB.
    private const long Large = (1_790_000_000L << 32) + 7;

    protected abstract IHighWaterMarks Marks { get; }

    [Test]
    public async Task Mark_NeverFalls_ToTheLastUnit()
    {
        Assert.That(await Marks.ReadAsync("a"), Is.Zero);
        foreach (var (raised, seen) in new[] { (9L, 9L), (Large, Large), (Large - 1, Large), (10, Large), (Large + 1, Large + 1) })
        {
            Assert.That(await Marks.RaiseAsync("a", raised), Is.True);
            Assert.That(await Marks.ReadAsync("a"), Is.EqualTo(seen));
        }

        Assert.That(await Marks.ReadAsync("b"), Is.Zero, "another source's");
    }

    [Test]
    public async Task ManyAtOnce_LeaveTheHighest()
    {
        await Task.WhenAll(Enumerable.Range(1, 100).Select(step => Marks.RaiseAsync("a", Large + (step * 37 % 100)).AsTask()));

        Assert.That(await Marks.ReadAsync("a"), Is.EqualTo(Large + 99));
    }

    [Test]
    public void BadArguments_AreRefused()
    {
        Assert.That(async () => await Marks.RaiseAsync("a", 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await Marks.RaiseAsync("", 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(async () => await Marks.ReadAsync("a\n"), Throws.InstanceOf<ArgumentException>());
    }
}
