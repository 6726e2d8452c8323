using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;

namespace RedisResilience.Http.Registration;

/// <summary>
/// The caches of the application's clients. Each cache is created once, although a client's handlers are created again and again.
/// </summary>
internal sealed class HttpCacheStores(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Lazy<IResponseCache>> _stores = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IResponseCache Of(string client, HttpCacheOptions options) =>
        _stores.GetOrAdd(client, _ => new Lazy<IResponseCache>(() => options.Store?.Invoke(services)
            ?? services.GetKeyedService<IResponseCache>(options.Redis)
            ?? throw new InvalidOperationException("There is no response cache: call AddRedisResilience, or set HttpCacheOptions.Store.")))
            .Value;
}
