namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Under which terms an endpoint is run: as the cache's source, or for its own request alone.</summary>
/// <param name="key">The entry's key.</param>
/// <param name="keys">The keys whose responses could not be stored lately.</param>
/// <param name="isStoring">Whether the response is stored if it may be.</param>
/// <param name="isRefresh">Whether there is an older one.</param>
internal sealed class StorageTerms(string key, UncacheableKeys keys, bool isStoring, bool isRefresh)
{
    public bool IsStoring => isStoring;

    public bool IsRefresh => isRefresh;

    /// <summary>A response of this key is not for others. What may be different next time is not remembered.</summary>
    public void Remember(string refusal)
    {
        if (refusal is not ("status" or "aborted" or "length" or "incomplete"))
        {
            keys.Add(key);
        }
    }

    /// <summary>A response of this key is for others, whatever the last one was.</summary>
    public void Forget()
    {
        if (!isStoring)
        {
            keys.Remove(key);
        }
    }
}
