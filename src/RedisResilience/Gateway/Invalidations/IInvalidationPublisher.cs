namespace RedisResilience.Gateway.Invalidations;

/// <summary>Publishes this process's changes of entries, and reports those of others.</summary>
internal interface IInvalidationPublisher
{
    /// <summary>Tells the other processes that an entry has changed, where the server does not do that itself. Waits for nothing.</summary>
    void Publish(string key);

    /// <summary>Tells a listener from now on of changes under some prefixes. For one listener, once.</summary>
    void Listen(IInvalidationListener listener, IReadOnlyList<string> prefixes);
}
