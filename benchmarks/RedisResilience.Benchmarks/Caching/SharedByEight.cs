using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>
/// What sharing reads can come to at best: of the sixteen callers, eight at a time wait for one read of the bare client, and no more is
/// done with it. No cache could do so, for it does not know how many there are.
/// </summary>
internal sealed class SharedByEight(IDatabase database, string key)
{
    private const int Size = 8;

    private readonly Lock _lock = new();
    private List<TaskCompletionSource> _waiting = new(Size);

    public Task ReadAsync()
    {
        var caller = new TaskCompletionSource();
        List<TaskCompletionSource>? group = null;
        lock (_lock)
        {
            _waiting.Add(caller);
            if (_waiting.Count == Size)
            {
                (group, _waiting) = (_waiting, new List<TaskCompletionSource>(Size));
            }
        }

        if (group is not null)
        {
            _ = AnswerAsync(group);
        }

        return caller.Task;
    }

    /// <summary>Nobody comes any more.</summary>
    public void LetGo()
    {
        lock (_lock)
        {
            _waiting.ForEach(caller => caller.TrySetResult());
        }
    }

    private async Task AnswerAsync(List<TaskCompletionSource> group)
    {
        using var lease = await database.StringGetLeaseAsync(key);
        foreach (var caller in group)
        {
            caller.TrySetResult();
        }
    }
}
