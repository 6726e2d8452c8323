using System.Buffers;
using CsCheck;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.Caching.Distributed;

public sealed class DistributedEntryTests
{
    private static readonly DateTimeOffset End = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly EntryExpiration[] Expirations =
    [
        new(null, End), new(TimeSpan.FromMinutes(20), null), new(TimeSpan.FromMinutes(20), End), new(TimeSpan.FromMilliseconds(1), null),
    ];

    [Test]
    public void Entry_ComesBack([Range(0, 3)] int index, [Values(0, 1, 5000)] int length)
    {
        var expiration = Expirations[index];
        var value = Enumerable.Range(0, length).Select(position => (byte)position).ToArray();
        var buffer = new byte[DistributedEntry.LongestHeader + length];

        var written = DistributedEntry.Write(buffer, expiration, new ReadOnlySequence<byte>(value));

        Assert.That(DistributedEntry.TryRead(buffer.AsMemory(0, written), out var readExpiration, out var readValue), Is.True);
        Assert.That(readValue.ToArray(), Is.EqualTo(value));
        Assert.That(readExpiration, Is.EqualTo(expiration.Sliding is null ? default : expiration));
    }

    [Test]
    public void AnyBytes_AreAnEntryOrAreNot() => Gen.Byte.Array[0, 40].Sample(
        bytes =>
        {
            if (DistributedEntry.TryRead(bytes, out var expiration, out _))
            {
                expiration.TimeToLiveAt(End);
            }
        },
        iter: 100_000);

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("S")]
    [TestCase("S1234567890123456")]
    public void OtherBytes_AreNone(string text) =>
        Assert.That(DistributedEntry.TryRead(System.Text.Encoding.ASCII.GetBytes(text), out _, out _), Is.False);
}
