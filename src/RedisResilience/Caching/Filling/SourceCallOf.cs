namespace RedisResilience.Caching.Filling;

/// <summary>A source with its state.</summary>
internal sealed class SourceCallOf<TState>(
    CacheEntryOptions options, long startedAt, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source)
        : SourceCall(options, startedAt)
{
    protected override ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken) => source(state, cancellationToken);
}
