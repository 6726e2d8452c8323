using Microsoft.Extensions.Http;

namespace RedisResilience.Http.RateLimiting;

/// <summary>
/// Moves a client's limit to the last place before the network, after all handlers that send a request more than once, whatever the order
/// in which they were added.
/// </summary>
internal sealed class LimitHandlerFilter(string client, Func<IServiceProvider, DelegatingHandler> create, IServiceProvider services)
    : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.Name == client)
        {
            builder.AdditionalHandlers.Add(create(services));
        }
    };
}
