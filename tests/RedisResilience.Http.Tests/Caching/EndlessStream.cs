namespace RedisResilience.Http.Tests.Caching;

/// <summary>A body that never comes, until its reader has gone.</summary>
internal sealed class EndlessStream(TaskCompletionSource isCancelled) : MemoryStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            isCancelled.TrySetResult();
            throw;
        }

        return 0;
    }
}
