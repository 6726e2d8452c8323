using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Following;

/// <summary>Logs the state of the watcher: one line for each change.</summary>
internal sealed class WatcherLog(ILogger logger, string name)
{
    private string? _said;

    public void Follows() => Say(nameof(Log.FollowsChanges), () => Log.FollowsChanges(logger, name));

    public void RedisTakesNothing() => Say(nameof(Log.OnlyDeletes), () => Log.OnlyDeletes(logger, name));

    public void HistoryLost() => Log.HistoryLost(logger, name);

    public void CollectionIsGone() => Log.CollectionIsGone(logger, name);

    public void HasNoPreImages(string field, Version version) => Log.NoPreImages(logger, name, field, version);

    public void Fails(Exception failure)
    {
        if (ChangeStreamErrors.IsUnsupported(failure))
        {
            Say(nameof(Log.ChangesUnsupported), () => Log.ChangesUnsupported(logger, name));
        }
        else if (failure is MongoException && !MongoFailures.IsAway(failure))
        {
            Say(nameof(Log.ChangesRefused), () => Log.ChangesRefused(logger, name, failure));
        }
        else
        {
            Say(nameof(Log.Interrupted), () => Log.Interrupted(logger, name, failure));
        }
    }

    private void Say(string state, Action line)
    {
        if (_said != state)
        {
            line();
            _said = state;
        }
    }
}
