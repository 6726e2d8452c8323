using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Holds back what an endpoint writes, until it is whole or clearly will not be stored: then it goes straight through.</summary>
/// <remarks>
/// Whoever flushes wants the client to see something now. Most have then written all; who goes on for longer than <see cref="Patience"/>
/// streams, and what was flushed is sent. That and the endpoint's own writes never touch the server's writer at the same time.
/// </remarks>
internal sealed class CaptureWriter(
    HttpResponse response, IHttpResponseBodyFeature inner, CaptureBuffer buffer, int maximumLength, TimeProvider time,
    Action onPassThrough) : PipeWriter
{
    /// <summary>How long an endpoint may go on after a flush and still be held back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private Task _sending = Task.CompletedTask;
    private int _flushed;
    private bool _isLent;
    private bool _isClosed;

    /// <summary>Why the body goes straight through; null while it is held back.</summary>
    public Reason? PassedThrough { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => IsDirect && inner.Writer.CanGetUnflushedBytes
        ? inner.Writer.UnflushedBytes : Math.Max(0, buffer.Length - _flushed);

    // The server's writer is the endpoint's alone, and nothing stands here that has to go before.
    private bool IsDirect => PassedThrough is not null && _sending.IsCompleted && buffer.Length == 0;

    /// <summary>Whether the body goes straight through, as it does when its type says that it is a stream.</summary>
    public bool IsPassedThrough()
    {
        if (PassedThrough is null && RequestRules.IsEventStream(response.ContentType))
        {
            PassThrough(Reason.Streamed);
        }

        return PassedThrough is not null;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_isClosed && PassedThrough is null)
        {
            throw new InvalidOperationException("The endpoint has returned: its response cannot be written any more.");
        }

        if (IsDirect || (buffer.Length == 0 && IsPassedThrough() && IsDirect))
        {
            return inner.Writer.GetMemory(sizeHint);
        }

        lock (_lock)
        {
            _isLent = true;
            return buffer.GetMemory(sizeHint);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (!_isLent)
        {
            inner.Writer.Advance(bytes);
            return;
        }

        lock (_lock)
        {
            buffer.Advance(bytes);
            _isLent = false;
        }

        if (buffer.Length > maximumLength)
        {
            PassThrough(Reason.TooLarge);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (IsDirect)
        {
            return inner.Writer.FlushAsync(cancellationToken);
        }

        if (IsPassedThrough())
        {
            return FlushHeldAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _flushed = buffer.Length;
        _timer ??= time.CreateTimer(static writer => ((CaptureWriter)writer!).Stream(), this, Patience, Timeout.InfiniteTimeSpan);
        return default;
    }

    public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
        {
            PassThrough(Reason.Incomplete);
        }

        if (IsDirect)
        {
            inner.Writer.Complete(exception);
        }
    }

    /// <summary>Nothing more is held back.</summary>
    public async ValueTask EndAsync()
    {
        lock (_lock) { _isClosed = true; }
        _timer?.Dispose();
        if (PassedThrough is not null && !IsDirect)
        {
            await FlushHeldAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>For the endpoint's own thread: nothing is held back from now on.</summary>
    public void PassThrough(Reason reason)
    {
        lock (_lock)
        {
            if (PassedThrough is not null)
            {
                return;
            }

            PassedThrough = reason;
            if (_sending.IsCompleted && !_isLent)
            {
                MoveHeld();
            }
        }

        onPassThrough();
    }

    // The endpoint is at its work meanwhile: only what is not being written may be touched.
    private void Stream()
    {
        lock (_lock)
        {
            if (_isClosed || PassedThrough is not null)
            {
                return;
            }

            PassedThrough = Reason.Streamed;
            if (!_isLent)
            {
                _sending = SendHeldAsync();
            }
        }

        onPassThrough();
    }

    // A timer's exception would end the process: what goes wrong here is the task's.
    private async Task SendHeldAsync()
    {
        MoveHeld();
        await inner.Writer.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask<FlushResult> FlushHeldAsync(CancellationToken cancellationToken)
    {
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            MoveHeld();
        }

        return await inner.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void MoveHeld()
    {
        var held = buffer.Written;
        buffer.Clear();
        _flushed = 0;
        inner.Writer.Write(held.Span);
    }
}
