using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Mongo;
using RedisResilience.Mongo.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MongoDB as the source of truth behind the response cache.</summary>
public static class RedisResilienceMongoServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IMongoDocumentStore"/> for one collection. Needs <c>AddRedisResilience</c>, before or after.</summary>
    /// <remarks>
    /// MongoDB is not contacted here. The <see cref="IMongoClient"/> of the services is used; when they have none, one is made of
    /// <see cref="RedisResilienceMongoOptions.ConnectionString"/>.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; database, collection and key prefix have no defaults. Validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddRedisResilienceMongo(this IServiceCollection services, Action<RedisResilienceMongoOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceMongoOptions>, RedisResilienceMongoOptionsValidator>());
        services.AddOptions<RedisResilienceMongoOptions>().Configure(configure).ValidateOnStart();
        services.TryAddSingleton<IMongoClient>(provider => new MongoClient(
            provider.GetMongoOptions().ConnectionString
            ?? throw new InvalidOperationException("There is no MongoDB: set ConnectionString in AddRedisResilienceMongo, or add an IMongoClient to the services.")));
        services.TryAddSingleton(provider => new MongoCollectionServices(
            provider.GetRequiredService<IMongoClient>(),
            provider.GetRequiredService<IResponseCache>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetMongoOptions(),
            provider.GetService<ChangesAreFollowed>() is not null));
        services.TryAddSingleton<IMongoDocumentStore>(provider => provider.GetRequiredService<MongoCollectionServices>().Store);
        return services;
    }

    /// <summary>
    /// Follows the collection's changes: a write by any program invalidates the document's cache entry, within milliseconds. One process of the
    /// deployment does it for all. Needs <see cref="AddRedisResilienceMongo"/>, a MongoDB replica set, and a
    /// <see cref="RedisResilienceMongoOptions.KeyPrefix"/> that ends with a version.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddChangeStreamInvalidation(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ChangesAreFollowed>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceMongoOptions>, VersionedPrefixValidator>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MongoCollectionServices>().Follow(provider));
        return services;
    }

    private static RedisResilienceMongoOptions GetMongoOptions(this IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<RedisResilienceMongoOptions>>().Value;
}
