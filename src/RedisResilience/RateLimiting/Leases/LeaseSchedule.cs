namespace RedisResilience.RateLimiting.Leases;

/// <summary>Knows when groups are due, and has one timer for all of them. Its owner makes sure that calls do not overlap.</summary>
/// <remarks>
/// It is a binary heap whose elements know their positions, so that elements in the middle can be moved and removed. The timer is set for
/// the first group, and reset only for an earlier time, so groups that come and go all the time delay nothing.
/// </remarks>
internal sealed class LeaseSchedule : IDisposable
{
    private readonly List<LeaseGroup> _heap = [];
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private bool _isDisposed;

    /// <param name="timeProvider">The clock.</param>
    /// <param name="onDue">Called when the timer fires. It handles the groups that are due, and then sets the timer again.</param>
    public LeaseSchedule(TimeProvider timeProvider, Action onDue)
    {
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(static onDue => ((Action)onDue!)(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The first group, if it is due.</summary>
    public LeaseGroup? FirstDue(long now) => _heap.Count > 0 && _heap[0] is var first && first.DueAt <= now ? first : null;

    /// <summary>The timer has fired, and all that was due is done.</summary>
    public void Rearm()
    {
        _armedFor = long.MaxValue;
        Arm();
    }

    /// <summary>Adds a group, or moves it.</summary>
    public void Set(LeaseGroup group, long dueAt)
    {
        group.DueAt = dueAt;
        if (group.QueuePlace < 0)
        {
            group.QueuePlace = _heap.Count;
            _heap.Add(group);
        }

        Settle(group);
        Arm();
    }

    /// <summary>Removes a group, if it is there.</summary>
    public void Remove(LeaseGroup group)
    {
        if (group.QueuePlace < 0)
        {
            return;
        }

        var (place, last) = (group.QueuePlace, _heap[^1]);
        _heap.RemoveAt(_heap.Count - 1);
        group.QueuePlace = -1;
        if (last != group)
        {
            Put(last, place);
            Settle(last);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private void Arm()
    {
        if (!_isDisposed && _heap.Count > 0 && _heap[0].DueAt < _armedFor)
        {
            _armedFor = _heap[0].DueAt;
            var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), _armedFor);

            // Timers count whole milliseconds and drop the rest: rounded down, they would fire just too early, and again.
            var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue);
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void Settle(LeaseGroup group)
    {
        var place = group.QueuePlace;
        while (place > 0 && _heap[(place - 1) / 2] is var parent && parent.DueAt > group.DueAt)
        {
            Put(parent, place);
            place = (place - 1) / 2;
        }

        while (LesserChild(place) is var child and > 0 && _heap[child].DueAt < group.DueAt)
        {
            Put(_heap[child], place);
            place = child;
        }

        Put(group, place);
    }

    // 0: there is none.
    private int LesserChild(int place)
    {
        var left = (2 * place) + 1;
        return left >= _heap.Count ? 0 : left + 1 < _heap.Count && _heap[left + 1].DueAt < _heap[left].DueAt ? left + 1 : left;
    }

    private void Put(LeaseGroup group, int place)
    {
        _heap[place] = group;
        group.QueuePlace = place;
    }
}
