using Microsoft.Extensions.Http;

namespace RedisResilience.Http.RateLimiting;

/// <summary>Puts a client's limit nearest to the wire, behind all handlers that send a request more than once, whenever they were
/// added.</summary>
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
