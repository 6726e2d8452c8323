using StackExchange.Redis;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>Subscribes again.</summary>
internal static class SubscriberExtensions
{
    /// <summary>
    /// Subscribes without adding a second handler. The client would otherwise call the handler once for each subscription.
    /// </summary>
    public static async Task ResubscribeAsync(this ISubscriber subscriber, RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        await subscriber.UnsubscribeAsync(channel, handler).ConfigureAwait(false);
        await subscriber.SubscribeAsync(channel, handler).ConfigureAwait(false);
    }
}
