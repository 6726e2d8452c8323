using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>Says how the watcher fares: one line each time that changes.</summary>
internal sealed class WatcherLog(ILogger logger, string name)
{
    private string? _said;

    public void Follows()
    {
        if (IsNew(nameof(Log.FollowsChanges)))
        {
            Log.FollowsChanges(logger, name);
        }
    }

    public void Fails(Exception failure)
    {
        if (ChangeStreamErrors.IsUnsupported(failure))
        {
            if (IsNew(nameof(Log.ChangesUnsupported)))
            {
                Log.ChangesUnsupported(logger, name);
            }
        }
        else if (failure is MongoException && !MongoFailures.IsAway(failure))
        {
            if (IsNew(nameof(Log.ChangesRefused)))
            {
                Log.ChangesRefused(logger, name, failure);
            }
        }
        else if (IsNew(nameof(Log.Interrupted)))
        {
            Log.Interrupted(logger, name, failure);
        }
    }

    public void RedisTakesNothing()
    {
        if (IsNew(nameof(Log.OnlyDeletes)))
        {
            Log.OnlyDeletes(logger, name);
        }
    }

    public void HistoryLost() => Log.HistoryLost(logger, name);

    public void CollectionIsGone() => Log.CollectionIsGone(logger, name);

    public void HasNoPreImages(string field, Version version) => Log.NoPreImages(logger, name, field, version);

    private bool IsNew(string state)
    {
        var isNew = _said != state;
        _said = state;
        return isNew;
    }
}
