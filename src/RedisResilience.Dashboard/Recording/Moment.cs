using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>A second that is over, with a link to the next one.</summary>
internal sealed class Moment(long number, Second second, in RedisStatus status, DeniedKey[] denied)
{
    private readonly TaskCompletionSource<Moment> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts the seconds.</summary>
    public long Number => number;

    public Second Second => second;

    public RedisStatus Status { get; } = status;

    /// <summary>The keys that were denied the most.</summary>
    public DeniedKey[] Denied => denied;

    /// <summary>The second after it, when that is over.</summary>
    public Task<Moment> Next => _next.Task;

    public void Follow(Moment next) => _next.TrySetResult(next);

    /// <summary>Nothing is recorded any more.</summary>
    public void End() => _next.TrySetCanceled();
}
