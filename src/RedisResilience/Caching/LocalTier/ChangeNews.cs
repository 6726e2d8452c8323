using System.Runtime.CompilerServices;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.LocalTier;

/// <summary>Drops the copy of an entry after a change of it, before whoever asked for the change hears that it is done, however it
/// ended.</summary>
internal sealed class ChangeNews(LocalEntries? local)
{
    public ValueTask<Answer<T>> AfterAsync<T>(string key, ValueTask<Answer<T>> change) =>
        local is null ? change : AwaitAsync(local, key, change);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Answer<T>> AwaitAsync<T>(LocalEntries local, string key, ValueTask<Answer<T>> change)
    {
        try
        {
            return await change.ConfigureAwait(false);
        }
        finally
        {
            local.Change(key);
        }
    }
}
