using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>
/// A body on its way, read at once as the network brings it, and kept while it is small enough. Whoever reads it meanwhile waits for nobody
/// but the network; what is too large is read on directly, without being held.
/// </summary>
/// <param name="source">The body.</param>
/// <param name="expected">How long it should be; null when nobody has said.</param>
/// <param name="limit">The most bytes that are kept.</param>
internal sealed class CapturedBody(Stream source, long? expected, int limit)
{
    // What a peer only says takes no memory beyond this.
    private const int MostAhead = 64 * 1024;

    private readonly Lock _lock = new();
    private byte[] _bytes = new byte[(int)Math.Clamp(Math.Min(expected ?? 4096, MostAhead), 1, limit + 1L)];
    private int _length;
    private CaptureState _state;
    private Exception? _failure;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The whole body, once it is complete.</summary>
    public ReadOnlyMemory<byte> Whole => _bytes.AsMemory(0, _length);

    /// <summary>Reads it to its end. Never throws: its reader is told.</summary>
    /// <param name="cancellationToken">Ends it: the body has broken off then.</param>
    /// <returns>How it has ended.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the stream throws has broken the "
        + "body off, and is thrown where it is read.")]
    public async Task<CaptureState> CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Grow();
                var read = await source.ReadAsync(_bytes.AsMemory(_length), cancellationToken).ConfigureAwait(false);
                Advance(read, StateAfter(read));
                if (_state != CaptureState.Reading)
                {
                    return _state;
                }
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            Advance(0, CaptureState.Failed);
            return _state;
        }
    }

    /// <summary>Reads what there is from a place on, and waits for it.</summary>
    public async ValueTask<int> ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (position < _length)
                {
                    var count = (int)Math.Min(buffer.Length, _length - position);
                    _bytes.AsSpan((int)position, count).CopyTo(buffer.Span);
                    return count;
                }

                if (_state is CaptureState.Complete || buffer.IsEmpty)
                {
                    return 0;
                }

                more = _state == CaptureState.Reading ? _more.Task : Task.CompletedTask;
            }

            if (_state == CaptureState.Failed)
            {
                throw _failure is OperationCanceledException
                    ? new OperationCanceledException("The body was given up before its end.", _failure)
                    : new HttpIOException(HttpRequestError.ResponseEnded, "The body has broken off.", _failure);
            }

            if (_state == CaptureState.TooLarge)
            {
                return await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // One that ends before its length has broken off.
    private CaptureState StateAfter(int read) =>
        _length + read > limit ? CaptureState.TooLarge
        : _length + read == expected ? CaptureState.Complete
        : read > 0 ? CaptureState.Reading
        : expected is null ? CaptureState.Complete : CaptureState.Failed;

    private void Grow()
    {
        if (_length < _bytes.Length)
        {
            return;
        }

        var larger = new byte[(int)Math.Min(limit + 1L, _bytes.Length * 2L)];
        _bytes.AsSpan(0, _length).CopyTo(larger);
        lock (_lock)
        {
            _bytes = larger;
        }
    }

    private void Advance(int read, CaptureState state)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            (_length, _state, more) = (_length + read, state, _more);
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }
}
