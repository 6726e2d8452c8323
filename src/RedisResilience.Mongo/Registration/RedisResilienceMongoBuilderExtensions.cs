using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedisResilience;
using RedisResilience.Mongo;
using RedisResilience.Mongo.Reading;
using RedisResilience.Mongo.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MongoDB as the source of truth behind the response cache.</summary>
public static class RedisResilienceMongoBuilderExtensions
{
    private static readonly string Unnamed = Options.Options.DefaultName;

    /// <summary>Adds <see cref="IMongoDocumentStore"/> for the application's one collection.</summary>
    /// <remarks>
    /// This does not connect to MongoDB. It uses the <see cref="IMongoClient"/> of the services. If there is none, it creates one from
    /// <see cref="RedisResilienceMongoOptions.ConnectionString"/>.
    /// </remarks>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="configure">
    /// Sets the options; database, collection and key prefix have no defaults. Validated when the host starts.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IRedisResilienceBuilder AddMongo(this IRedisResilienceBuilder builder, Action<RedisResilienceMongoOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.TryAddSingleton<IMongoClient>(provider => provider.NewMongoClient(Unnamed));
        builder.Services.TryAddSingleton<IMongoDocumentStore>(provider => provider.GetStore(Unnamed));
        builder.AddCollection(Unnamed, configure, provider => provider.GetRequiredService<IMongoClient>());
        return builder;
    }

    /// <summary>Adds an <see cref="IMongoDocumentStore"/> for one collection of several, as a keyed service.</summary>
    /// <remarks>
    /// With a <see cref="RedisResilienceMongoOptions.ConnectionString"/> it has a client of its own; without one it uses the
    /// <see cref="IMongoClient"/> of the services.
    /// </remarks>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="name">The store's name: the key of the service, and the name of its options.</param>
    /// <param name="configure">
    /// As for <see cref="AddMongo(IRedisResilienceBuilder, Action{RedisResilienceMongoOptions})"/>. Each store has a key prefix of its own.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IRedisResilienceBuilder AddMongo(
        this IRedisResilienceBuilder builder, string name, Action<RedisResilienceMongoOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.TryAddKeyedSingleton<IMongoClient>(name, static (provider, key) => provider.NewMongoClient((string)key!));
        builder.Services.TryAddKeyedSingleton<IMongoDocumentStore>(name, static (provider, key) => provider.GetStore((string)key!));
        builder.AddCollection(
            name, configure, provider =>
                provider.GetMongoOptions(name).ConnectionString is null
                    ? provider.GetRequiredService<IMongoClient>()
                    : provider.GetRequiredKeyedService<IMongoClient>(name));
        return builder;
    }

    /// <summary>
    /// Follows the collection's changes, so that a write by any program invalidates the document's cache entry within milliseconds. One
    /// process of the deployment does it for all. It needs
    /// <see cref="AddMongo(IRedisResilienceBuilder, Action{RedisResilienceMongoOptions})"/>, a MongoDB replica set, and a
    /// <see cref="RedisResilienceMongoOptions.KeyPrefix"/> that ends with a version.
    /// </summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IRedisResilienceBuilder AddChangeStreamInvalidation(this IRedisResilienceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Follow(Unnamed);
        return builder;
    }

    /// <summary>Follows the changes of the collection of a named store.</summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <param name="name">The store's name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static IRedisResilienceBuilder AddChangeStreamInvalidation(this IRedisResilienceBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        builder.Services.Follow(name);
        return builder;
    }

    /// <summary>
    /// Registers which failures of MongoDB are temporary: <see cref="MongoUnavailableException"/>, timeouts, and the driver's errors,
    /// except commands that MongoDB has refused. With <c>AddHttp</c> and <c>app.UseExceptionHandler()</c>, such a failure becomes a 503
    /// with <c>Retry-After</c>. <c>AddMongo</c> calls this; call it yourself in an application that uses only the driver.
    /// </summary>
    /// <param name="builder">What <c>AddRedisResilience</c> has returned.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IRedisResilienceBuilder AddMongoProblemDetails(this IRedisResilienceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceFailures, MongoFailures>());
        return builder;
    }

    private static void AddCollection(
        this IRedisResilienceBuilder builder,
        string name,
        Action<RedisResilienceMongoOptions> configure,
        Func<IServiceProvider, IMongoClient> client)
    {
        var services = builder.AddMongoProblemDetails().Services;
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisResilienceMongoOptions>, RedisResilienceMongoOptionsValidator>());
        services.AddOptions<RedisResilienceMongoOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddKeyedSingleton(name, (provider, _) => new MongoCollectionServices(
            client(provider),
            provider,
            builder.Name,
            provider.GetMongoOptions(name),
            provider.GetKeyedService<ChangesAreFollowed>(name) is not null));
    }

    private static void Follow(this IServiceCollection services, string name)
    {
        if (services.Any(service => service.ServiceType == typeof(ChangesAreFollowed) && name.Equals(service.ServiceKey)))
        {
            return;
        }

        services.AddKeyedSingleton(name, new ChangesAreFollowed());
        services.AddSingleton<IValidateOptions<RedisResilienceMongoOptions>>(new VersionedPrefixValidator(name));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<MongoCollectionServices>(name).Follow());
    }

    private static MongoDocumentStore GetStore(this IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<MongoCollectionServices>(name).Store;

    private static MongoClient NewMongoClient(this IServiceProvider provider, string name) => new(
        provider.GetMongoOptions(name).ConnectionString
        ?? throw new InvalidOperationException(
            "There is no MongoDB: set ConnectionString in AddMongo, or add an IMongoClient to the services."));

    private static RedisResilienceMongoOptions GetMongoOptions(this IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<RedisResilienceMongoOptions>>().Get(name);
}
