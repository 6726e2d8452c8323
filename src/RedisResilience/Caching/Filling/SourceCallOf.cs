namespace RedisResilience.Caching.Filling;

/// <summary>A source with its state.</summary>
internal sealed class SourceCallOf<TState>(
    CacheEntryOptions options, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source) : SourceCall(options)
{
    protected override ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken) => source(state, cancellationToken);
}
