using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>One caller's way to ask the source, and how it wants the entry kept.</summary>
internal abstract class SourceCall(CacheEntryOptions options)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public CacheEntryOptions Options { get; } = options;

    /// <summary>Asks the source in its caller's context, on whosever way here the load was begun.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken)
    {
        if (_context is null || ReferenceEquals(_context, ExecutionContext.Capture()))
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
        public void Begin() => Response = call.AskAsync(cancellationToken);
    }
}
