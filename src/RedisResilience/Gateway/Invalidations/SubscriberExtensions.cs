using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>Subscribes again.</summary>
internal static class SubscriberExtensions
{
    /// <summary>The client adds a handler each time it is asked to subscribe, and would then call it as often.</summary>
    public static async Task ResubscribeAsync(this ISubscriber subscriber, RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        await subscriber.UnsubscribeAsync(channel, handler).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channel, handler).ConfigureAwait(false);
    }
}
