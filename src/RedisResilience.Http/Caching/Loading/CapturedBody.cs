using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>
/// The body of a response that is still arriving. It is read as fast as the network delivers it, and kept in memory while it is small
/// enough. A caller can read it meanwhile. The rest of a body that is too large is read directly from the network.
/// </summary>
/// <param name="source">The body.</param>
/// <param name="expected">The length that the origin has announced. Null without one.</param>
/// <param name="limit">How many bytes are kept at most.</param>
internal sealed class CapturedBody(Stream source, long? expected, int limit)
{
    // An announced length alone takes no more memory than this.
    private const int MostAhead = 64 * 1024;

    private readonly Lock _lock = new();
    private byte[] _bytes = new byte[(int)Math.Clamp(Math.Min(expected ?? 4096, MostAhead), 1, limit + 1L)];
    private int _length;
    private CaptureState _state;
    private Exception? _failure;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The whole body, once it is complete.</summary>
    public ReadOnlyMemory<byte> Whole => _bytes.AsMemory(0, _length);

    /// <summary>Reads the body to its end. It never throws: the exception is thrown where the body is read.</summary>
    /// <param name="cancellationToken">Ends the reading. The body counts as broken off then.</param>
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

    /// <summary>Reads the bytes from a position on, and waits for them if they have not arrived.</summary>
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

    // A body that ends before its announced length has broken off.
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
