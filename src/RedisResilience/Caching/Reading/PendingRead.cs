using System.Threading.Tasks.Sources;
using RedisResilience.Gateway;
using RedisResilience.Pooling;

namespace RedisResilience.Caching.Reading;

/// <summary>One caller who waits for a read, as a pooled <see cref="ValueTask{T}"/>. The answer and the caller's cancellation race for
/// it.</summary>
internal sealed class PendingRead : IValueTaskSource<Answer<StoredEntry>>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<Answer<StoredEntry>> _source;
    private CancellationTokenRegistration _cancellation;
    private Answer<StoredEntry> _answer;
    private int _hasEnded;
    private bool _isAnswered;

    private PendingRead()
    {
    }

    /// <summary>The caller's read.</summary>
    public EntryRead Read { get; private set; }

    /// <summary>The next caller who waits for the same read.</summary>
    public PendingRead? Next { get; set; }

    public ValueTask<Answer<StoredEntry>> Task => new(this, _source.Version);

    public static PendingRead Rent(in EntryRead asked)
    {
        var read = ObjectPool<PendingRead>.TryTake() ?? new PendingRead();
        read.Read = asked;
        read._cancellation = asked.CancellationToken.UnsafeRegister(static (state, token) => ((PendingRead)state!).Cancel(token), read);
        return read;
    }

    /// <summary>
    /// Gives the answer to the caller. False when the caller has left; the answer then still belongs to this method's caller.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isInline">Whether the caller continues at once on this thread, or on the pool.</param>
    public bool TryAnswer(in Answer<StoredEntry> answer, bool isInline)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return false;
        }

        _isAnswered = true;
        _answer = answer;
        if (isInline)
        {
            Execute();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    /// <summary>Gives the answer to the caller on this thread, or gives its buffer back when the caller has left.</summary>
    public void Answer(in Answer<StoredEntry> answer)
    {
        if (!TryAnswer(answer, isInline: true))
        {
            answer.Value.Payload.Owner?.Dispose();
        }
    }

    public void Execute() => _source.SetResult(_answer);

    Answer<StoredEntry> IValueTaskSource<Answer<StoredEntry>>.GetResult(short token)
    {
        // Throws for a cancelled read, and for whoever awaits twice: neither may put it back into the pool.
        var answer = _source.GetResult(token);
        if (_isAnswered)
        {
            Recycle();
        }

        return answer;
    }

    ValueTaskSourceStatus IValueTaskSource<Answer<StoredEntry>>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Answer<StoredEntry>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _source.SetException(new OperationCanceledException(cancellationToken));
        }
    }

    private void Recycle()
    {
        // Waits for a callback that runs just now and finds the read ended: it must not find the next one under way.
        _cancellation.Dispose();
        _cancellation = default;
        _answer = default;
        Read = default;
        _isAnswered = false;
        Next = null;
        _source.Reset();
        Volatile.Write(ref _hasEnded, 0);
        ObjectPool<PendingRead>.Put(this);
    }
}
