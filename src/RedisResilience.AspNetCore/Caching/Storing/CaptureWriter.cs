using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Holds back what an endpoint writes, until it is whole or it is clear that it will not be stored: then it goes straight through.</summary>
internal sealed class CaptureWriter(IHttpResponseBodyFeature inner, CaptureBuffer buffer, int maximumLength, Action onPassThrough) : PipeWriter
{
    private int _flushed;
    private bool _isClosed;

    /// <summary>Why the body goes straight through, as a Cache-Status detail; null while it is held back.</summary>
    public string? PassedThrough { get; private set; }

    public override bool CanGetUnflushedBytes => PassedThrough is null || inner.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => PassedThrough is null ? buffer.Length - _flushed : inner.Writer.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        PassedThrough is not null ? inner.Writer.GetMemory(sizeHint)
        : _isClosed ? throw new InvalidOperationException("The endpoint has returned: its response cannot be written any more.")
        : buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => PassedThrough is null ? GetMemory(sizeHint).Span : inner.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (PassedThrough is not null)
        {
            inner.Writer.Advance(bytes);
            return;
        }

        buffer.Advance(bytes);
        if (buffer.Length > maximumLength)
        {
            PassThrough("too-large");
        }
    }

    // A flush means that the client should see something soon. It will see all of it soon: the body is small, or it goes straight through.
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (PassedThrough is not null)
        {
            return inner.Writer.FlushAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _flushed = buffer.Length;
        return default;
    }

    public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
        {
            PassThrough("incomplete");
        }

        if (PassedThrough is not null)
        {
            inner.Writer.Complete(exception);
        }
    }

    /// <summary>Nothing more is held back.</summary>
    public void Close() => _isClosed = true;

    public void PassThrough(string reason)
    {
        if (PassedThrough is null)
        {
            PassedThrough = reason;
            inner.Writer.Write(buffer.Written.Span);
            onPassThrough();
        }
    }
}
