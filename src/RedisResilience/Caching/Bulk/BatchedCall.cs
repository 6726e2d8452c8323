using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>One of many keys asks the source together with the others.</summary>
internal sealed class BatchedCall<TState>(BatchedKey<TState> key, CacheEntryOptions options, long startedAt)
    : SourceCall(options, startedAt)
{
    public override bool HasPermit => true;

    public override void Waits() => key.Leave();

    protected override ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken) => key.LoadAsync(cancellationToken);
}
