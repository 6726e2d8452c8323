namespace RedisResilience.Mongo.Following;

/// <summary>Thrown when Redis did not accept a command of the watcher.</summary>
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
