using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class CaptureBufferTests
{
    [Test]
    public void GrowingBuffer_KeepsWhatWasWritten()
    {
        using var buffer = new CaptureBuffer();
        for (var i = 0; i < 20_000; i++)
        {
            buffer.GetMemory(1).Span[0] = (byte)(i % 251);
            buffer.Advance(1);
        }

        Assert.That(buffer.Written.ToArray(), Is.EqualTo(Enumerable.Range(0, 20_000).Select(i => (byte)(i % 251))));
    }

    [Test]
    public void AdvanceBeyondTheMemoryGiven_IsRefused()
    {
        using var buffer = new CaptureBuffer();
        var given = buffer.GetMemory(1).Length;

        Assert.That(() => buffer.Advance(given + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffer.Advance(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
