using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching.Bulk;

/// <summary>The call of the source for one of many keys. It goes out together with those of the other keys.</summary>
internal sealed class BatchedCall<TState>(BatchedKey<TState> key, CacheEntryOptions options, long startedAt)
    : SourceCall(options, startedAt)
{
    public override bool HasPermit => true;

    public override void Waits() => key.Leave();

    public override Task EnterStoreAsync() => key.Storing.EnterAsync(CancellationToken.None);

    public override void LeaveStore() => key.Storing.Leave();

    public override void MissStore()
    {
        key.Asking.Open();
        key.Storing.Open();
    }

    protected override ValueTask<SourceResponse> AskAsync(CancellationToken cancellationToken) => key.LoadAsync(cancellationToken);
}
