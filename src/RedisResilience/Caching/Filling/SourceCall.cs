using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>One caller's way to ask the source, and how it wants the entry kept.</summary>
internal abstract class SourceCall(CacheEntryOptions options, long startedAt)
{
    private static readonly AsyncLocal<bool> InsideLoad = new();

    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public CacheEntryOptions Options { get; } = options;

    /// <summary>
    /// When the caller's time for the store began: with its request, or when the store last said that it must wait for somebody else's load. All that it
    /// asks of the store ends within one deadline from then on.
    /// </summary>
    public long Since { get; private set; } = startedAt;

    /// <summary>Whether the caller is a source itself, asked by another call: its load is a part of that one.</summary>
    public bool IsNested { get; } = InsideLoad.Value;

    /// <summary>What was waited for until then was not the store.</summary>
    public void BeginAnew(long since) => Since = Math.Max(Since, since);

    /// <summary>Asks the source in its caller's context, on whosever way here the load was begun.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken)
    {
        if (_context is null)
        {
            return AskAsync(cancellationToken);
        }

        var load = new Load(this, cancellationToken);
        ExecutionContext.Run(_context, static state => ((Load)state!).Begin(), load);
        return load.Response;
    }

    protected abstract ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken);

    private sealed class Load(SourceCall call, CancellationToken cancellationToken)
    {
        public ValueTask<SourceResponse> Response { get; private set; }

        [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Handed on to the one who awaits it.")]
        public void Begin()
        {
            InsideLoad.Value = true;
            Response = call.AskAsync(cancellationToken);
        }
    }
}
