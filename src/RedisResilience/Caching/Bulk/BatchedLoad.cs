using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Bulk;

/// <summary>One call of the source for several keys, from the first key that needs it until its answer.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "The token source has no timer and no handle that anybody asked for.")]
internal sealed class BatchedLoad
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private int _wanted;

    /// <summary>Not while keys are added.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    /// <summary>Completed when no further key is expected.</summary>
    public Task Gathered => _gathered.Task;

    /// <summary>Cancelled when no caller waits for any of the keys any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public Task<IReadOnlyDictionary<string, SourceResponse>> Answer { get; set; } = null!;

    /// <summary>
    /// False for a key that is in the call already, because each answer belongs to one caller, and when all callers have left.
    /// </summary>
    public bool TryAdd(string key)
    {
        lock (_lock)
        {
            if ((_keys.Count > 0 && _wanted == 0) || !_keys.Add(key))
            {
                return false;
            }

            _wanted++;
            return true;
        }
    }

    public void EndGathering() => _gathered.TrySetResult();

    /// <summary>One of the keys is not wanted any more.</summary>
    public void Abandon()
    {
        bool isAbandoned;
        lock (_lock)
        {
            isAbandoned = --_wanted == 0;
        }

        if (isAbandoned)
        {
            _ = _abandoned.CancelAsync();
        }
    }
}
