using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Holds back what an endpoint writes, until it is whole or clearly will not be stored: then it goes straight through.</summary>
/// <remarks>
/// Most endpoints that flush have written everything, and end. An endpoint that waits for something after a flush is streaming. The flushed
/// bytes are then sent: at once if the endpoint has not waited before, and otherwise after <see cref="Patience"/>, because then its wait
/// cannot be seen. This and the endpoint's own writes never use the server's writer at the same time.
/// </remarks>
internal sealed class CaptureWriter(
    HttpResponse response, IHttpResponseBodyFeature inner, CaptureBuffer buffer, int maximumLength, TimeProvider time,
    Action onBegin, Action onPassThrough) : PipeWriter
{
    /// <summary>How long an endpoint that has waited before may go on after a flush and still be held back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private Task _sending = Task.CompletedTask;
    private int _flushed;
    private Action? _onBegin = onBegin;
    private bool _isFlushed;
    private bool _isLent;
    private bool _isClosed;

    /// <summary>Why the body goes straight through; null while it is held back.</summary>
    public Reason? PassedThrough { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => IsDirect && inner.Writer.CanGetUnflushedBytes
        ? inner.Writer.UnflushedBytes : Math.Max(0, buffer.Length - _flushed);

    // The server's writer is the endpoint's alone, and nothing stands here that has to go before.
    private bool IsDirect
    {
        get { lock (_lock) { return PassedThrough is not null && _sending.IsCompleted && buffer.Length == 0; } }
    }

    /// <summary>Whether the body goes straight through, as it does when its type says that it is a stream.</summary>
    public bool IsPassedThrough()
    {
        Interlocked.Exchange(ref _onBegin, null)?.Invoke();
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
        (_flushed, _isFlushed) = (buffer.Length, true);
        _timer ??= time.CreateTimer(static writer => ((CaptureWriter)writer!).OnWait(), this, Patience, Timeout.InfiniteTimeSpan);
        return default;
    }

    /// <summary>Writes, and flushes only what goes straight through: a copied stream or file comes in many pieces.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        this.Write(source.Span);
        return PassedThrough is null ? default : FlushAsync(cancellationToken);
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

    /// <summary>The endpoint waits: what it has flushed, if anything, is sent.</summary>
    public void OnWait() => PassThrough(Reason.Streamed, isWaiting: true);

    /// <summary>The endpoint has ended, or failed: nothing is sent any more because it waits.</summary>
    public void Close()
    {
        lock (_lock) { _isClosed = true; }
        _timer?.Dispose();
    }

    /// <summary>Nothing more is held back.</summary>
    public ValueTask<FlushResult> EndAsync()
    {
        Close();
        return PassedThrough is null || IsDirect ? default : FlushHeldAsync(CancellationToken.None);
    }

    /// <summary>For the endpoint's own thread: nothing is held back from now on.</summary>
    public void PassThrough(Reason reason) => PassThrough(reason, isWaiting: false);

    // The endpoint may go on at any moment: only what is not being written may be touched.
    private void PassThrough(Reason reason, bool isWaiting)
    {
        lock (_lock)
        {
            if (PassedThrough is not null || (isWaiting && (_isClosed || !_isFlushed)))
            {
                return;
            }

            PassedThrough = reason;
            if (_sending.IsCompleted && !_isLent)
            {
                _sending = SendHeldAsync(isWaiting);
            }
        }

        onPassThrough();
    }

    // A timer's exception would end the process: what goes wrong here is the task's.
    private async Task SendHeldAsync(bool isWaiting)
    {
        MoveHeld();
        _ = isWaiting ? await inner.Writer.FlushAsync().ConfigureAwait(false) : default;
    }

    private async ValueTask<FlushResult> FlushHeldAsync(CancellationToken cancellationToken)
    {
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock) { MoveHeld(); }
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
