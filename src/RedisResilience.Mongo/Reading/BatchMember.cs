using RedisResilience.Caching;

namespace RedisResilience.Mongo.Reading;

/// <summary>One document of a batch, which may turn out not to need it.</summary>
internal sealed class BatchMember(DocumentBatch batch, string id)
{
    private volatile bool _hasLoaded;

    public ValueTask<SourceResponse> LoadAsync()
    {
        _hasLoaded = true;
        return batch.LoadAsync(id);
    }

    public void Leave()
    {
        if (!_hasLoaded)
        {
            batch.Excuse();
        }
    }
}
