using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Caching.Filling;

/// <summary>A caller's source, and its options for the entry.</summary>
internal abstract class SourceCall(CacheEntryOptions options, long startedAt)
{
    // Longer waits than the runtime's timers know are waits without an end.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly LoadScope? _scope = LoadScope.Current;
    private long? _waitsSince;

    public CacheEntryOptions Options { get; } = options;

    /// <summary>
    /// When the caller's time for the store began: with its request, or when the store last said that another process loads the entry. All
    /// its questions to the store end within one deadline from then on.
    /// </summary>
    public long Since { get; private set; } = startedAt;

    /// <summary>
    /// How many loads this process had begun before the caller began. Those loads may miss a removal that the caller knows of.
    /// </summary>
    public long LoadsBefore { get; set; }

    /// <summary>Whether the caller is a source itself, asked by another call that has not ended: its load is a part of that one.</summary>
    public bool IsNested => _scope is { IsUnderWay: true };

    /// <summary>Whether it shares the permit of other callers who ask the source together with it.</summary>
    public virtual bool HasPermit => false;

    /// <summary>Whether it takes turns at the store with all others of this process, and not with those it came with.</summary>
    public bool TakesTurns => !HasPermit;

    /// <summary>The caller's read of an entry.</summary>
    public EntryRead Read(string key, CancellationToken cancellationToken) =>
        new(key, Since, cancellationToken) { Parts = Options.Parts };

    /// <summary>Restarts the caller's time for the store, because the wait until then was not for the store.</summary>
    public void BeginAnew(long since) => Since = Math.Max(Since, since);

    /// <summary>Whether the caller runs inside a load of that key: to wait for it would be to wait for itself.</summary>
    public bool IsInside(object cache, string key) => _scope is not null && _scope.IsOf(cache, key);

    /// <summary>How long the caller may wait yet for what others do, in all: <see cref="CacheEntryOptions.MaximumFillWait"/> from its first
    /// such wait on.</summary>
    public TimeSpan WaitLeft(TimeProvider timeProvider)
    {
        _waitsSince ??= timeProvider.GetTimestamp();
        var left = Options.MaximumFillWait - timeProvider.GetElapsedTime(_waitsSince.Value);
        return left > TimeSpan.Zero ? Clamp(left) : TimeSpan.Zero;
    }

    /// <summary>A wait that the runtime's timers know.</summary>
    public static TimeSpan Clamp(TimeSpan wait) => wait < LongestWait ? wait : LongestWait;

    /// <summary>The caller's time for waiting is over. It waits for one more load, at most as long as for the one before.</summary>
    public void WaitAnew(TimeProvider timeProvider) => _waitsSince = timeProvider.GetTimestamp();

    /// <summary>The caller is about to wait for what others do.</summary>
    public virtual void Waits()
    {
    }

    /// <summary>Waits for a turn to send the result of the load to the store. The keys of a bulk call take turns.</summary>
    public virtual Task EnterStoreAsync() => Task.CompletedTask;

    /// <summary>Ends the turn at the store, so the next key can have it.</summary>
    public virtual void LeaveStore()
    {
    }

    /// <summary>The store does not answer, or is not asked.</summary>
    public virtual void MissStore()
    {
    }

    /// <summary>Asks the source in its caller's context, on whosever way here the load was begun.</summary>
    public async ValueTask<SourceResponse> LoadAsync(object cache, string key, CancellationToken cancellationToken)
    {
        var load = new Load(this, new LoadScope(cache, key, _scope), cancellationToken);
        try
        {
            if (_context is null)
            {
                load.Begin();
            }
            else
            {
                ExecutionContext.Run(_context, static state => ((Load)state!).Begin(), load);
            }

            return await load.Response.ConfigureAwait(false);
        }
        finally
        {
            load.Scope.End();
        }
    }

    protected abstract ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken);

    private sealed class Load(SourceCall call, LoadScope scope, CancellationToken cancellationToken)
    {
        public LoadScope Scope => scope;

        public ValueTask<SourceResponse> Response { get; private set; }

        [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Handed on to the one who awaits it.")]
        public void Begin()
        {
            scope.Enter();
            Response = call.AskAsync(cancellationToken);
        }
    }
}
