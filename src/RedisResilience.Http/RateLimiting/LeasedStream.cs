using RedisResilience.RateLimiting;

namespace RedisResilience.Http.RateLimiting;

/// <summary>A body that gives its permit back at its end.</summary>
internal sealed class LeasedStream(Stream stream, ConcurrencyLease lease) : Stream
{
    public override bool CanRead => stream.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => stream.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Passed(stream.Read(buffer, offset, count), count);

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Passed(await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    public override void Flush() => stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // After an upgrade the body goes both ways.
    public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lease.Dispose();
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Passed(int read, int asked)
    {
        if (read == 0 && asked > 0)
        {
            lease.Dispose();
        }

        return read;
    }
}
