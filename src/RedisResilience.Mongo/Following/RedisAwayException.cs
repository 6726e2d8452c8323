namespace RedisResilience.Mongo.Following;

/// <summary>Redis did not take what the watcher had for it.</summary>
internal sealed class RedisAwayException() : Exception("Redis cannot be asked.")
{
    public static void ThrowUnless(bool isDone)
    {
        if (!isDone)
        {
            throw new RedisAwayException();
        }
    }
}
