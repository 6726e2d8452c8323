using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using RedisResilience;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Connection;
using RedisResilience.RateLimiting;
using RedisResilience.Registration;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the rate limiter and the response cache to an application.</summary>
public static class RedisResilienceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IRateLimiter"/>, <see cref="IResponseCache"/> and <see cref="IRedisStatus"/>, which share one connection and one
    /// circuit breaker.
    /// </summary>
    /// <remarks>
    /// This call does not connect, does not block, and does not fail when the server is away. The connection is made in the background when
    /// the host starts, or, without a host, when the first of the services is resolved. Calls wait for that very first attempt, no longer
    /// than <see cref="RedisResilienceOptions.MaximumCommandDeadline"/> in all; after it, and whenever Redis is away, they go on without
    /// it.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">
    /// <c>redis://user:password@host:port/database</c>, <c>rediss://…</c> for TLS, or a StackExchange.Redis configuration string. Null or
    /// blank: no Redis;
    /// the services are then <see cref="NoOpRateLimiter"/> and <see cref="NoOpResponseCache"/>, and one log line says so.
    /// </param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException">The connection string is malformed. The message names the wrong part, and never shows the
    /// password.</exception>
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, string? connectionString, Action<RedisResilienceOptions>? configure = null) =>
        services.Add(null, Dials.To(connectionString, null), configure, section: null);

    /// <summary>
    /// Adds the services with the connection string and the options of a configuration section. With an unknown name in the section, the
    /// application does not start.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">Holds <c>ConnectionString</c> and the properties of <see cref="RedisResilienceOptions"/>.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The connection string is malformed. The message names the wrong part, and never shows the
    /// password.</exception>
    [OverloadResolutionPriority(-1)] // A bare null is a missing connection string.
    public static IRedisResilienceBuilder AddRedisResilience(this IServiceCollection services, IConfiguration section) =>
        services.AddSection(null, section);

    /// <summary>
    /// Adds the services with the Redis client's own configuration: a command map, client certificates, a CA, a proxy, or a provider of
    /// tokens.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">How to connect. The library copies it, and sets fail fast, heartbeat and deadlines in the copy.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="configuration"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> names no endpoint.</exception>
    [OverloadResolutionPriority(-1)] // A bare null is a missing connection string.
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, ConfigurationOptions configuration, Action<RedisResilienceOptions>? configure = null) =>
        services.Add(null, Dials.To(configuration, null), configure, section: null);

    /// <summary>Adds the services over a connection that the application shares, and closes itself.</summary>
    /// <remarks>
    /// One line in the log says which of its settings can slow down or break calls, and how. An example is a backlog that queues commands.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="connect">Gives the connection. Called in the background, again until it succeeds.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="connect"/> is null.</exception>
    [OverloadResolutionPriority(-1)] // A bare null is a missing connection string.
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, Func<IServiceProvider, Task<IConnectionMultiplexer>> connect,
        Action<RedisResilienceOptions>? configure = null) =>
        services.Add(null, Dials.To(connect, null), configure, section: null);

    /// <summary>
    /// Adds the services of one Redis of several, as keyed services: <c>[FromKeyedServices("sessions")] IResponseCache</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services and the name of its options. Metrics, logs and the health check name it, too.</param>
    /// <param name="connectionString">As for the one without a name.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>A builder, to which the other packages add.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException">The name is empty, or the connection string malformed.</exception>
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, string name, string? connectionString, Action<RedisResilienceOptions>? configure = null) =>
        services.Add(Valid(name), Dials.To(connectionString, name), configure, section: null);

    /// <summary>Adds the services of one Redis of several, as keyed services, with a configuration section.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services and the name of its options. Metrics, logs and the health check name it, too.</param>
    /// <param name="section">Holds <c>ConnectionString</c> and the properties of <see cref="RedisResilienceOptions"/>.</param>
    public static IRedisResilienceBuilder AddRedisResilience(this IServiceCollection services, string name, IConfiguration section) =>
        services.AddSection(Valid(name), section);

    /// <summary>Adds the services of one Redis of several, as keyed services, with a configuration of the client.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services and the name of its options. Metrics, logs and the health check name it, too.</param>
    /// <param name="configuration">How to connect. It is copied.</param>
    /// <param name="configure">Sets options.</param>
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services, string name, ConfigurationOptions configuration,
        Action<RedisResilienceOptions>? configure = null) =>
        services.Add(Valid(name), Dials.To(configuration, name), configure, section: null);

    /// <summary>Adds the services of one Redis of several, as keyed services, over a connection that the application shares.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services and the name of its options. Metrics, logs and the health check name it, too.</param>
    /// <param name="connect">Gives the connection. Called in the background, again until it succeeds.</param>
    /// <param name="configure">Sets options.</param>
    public static IRedisResilienceBuilder AddRedisResilience(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, Task<IConnectionMultiplexer>> connect,
        Action<RedisResilienceOptions>? configure = null) =>
        services.Add(Valid(name), Dials.To(connect, name), configure, section: null);

    /// <summary>
    /// Replaces the Redis that the application has registered by another one or by none, for tests. The options stay, and so do services
    /// that the application has replaced itself.
    /// </summary>
    /// <param name="services">The application's services, after the application has registered Redis.</param>
    /// <param name="connectionString">As for <c>AddRedisResilience</c>. Null: the no-ops.</param>
    /// <param name="configure">Sets options, after the application has set its own.</param>
    /// <param name="name">The name of the one to replace. Default: the one without a name.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    /// <exception cref="InvalidOperationException">There is none by this name.</exception>
    public static IServiceCollection ReplaceRedisResilience(
        this IServiceCollection services, string? connectionString, Action<RedisResilienceOptions>? configure = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var dial = Dials.To(connectionString, name);
        var replaced = services.Where(
            service => service.ImplementationInstance is RedisRegistration registration && registration.Name == name).ToList();
        if (replaced.Count == 0)
        {
            throw new InvalidOperationException($"There is no Redis {(name is null ? "without a name" : $"named '{name}'")} to replace.");
        }

        foreach (var service in replaced.Concat(
            replaced.SelectMany(service => ((RedisRegistration)service.ImplementationInstance!).Services)))
        {
            services.Remove(service);
        }

        services.Add(name, dial, configure, section: null);
        return services;
    }

    private static RedisResilienceBuilder AddSection(this IServiceCollection services, string? name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.Add(name, Dials.To(section["ConnectionString"], name), options => section.Bind(options), section);
    }

    private static RedisResilienceBuilder Add(
        this IServiceCollection services,
        string? name,
        Func<IServiceProvider, RedisResilienceOptions, IDialer>? dial,
        Action<RedisResilienceOptions>? configure,
        IConfiguration? section)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registration = new RedisRegistration(name, dial is not null, section);
        RedisServices.AddCommon(services, registration);
        services.Configure(name ?? Options.Options.DefaultName, configure ?? (_ => { }));
        var before = services.Count;
        if (dial is null)
        {
            RedisServices.AddNoOps(services, name);
        }
        else
        {
            RedisServices.AddRedis(services, name, dial);
        }

        registration.Services = [.. services.Skip(before)];
        return new RedisResilienceBuilder(services, registration);
    }

    private static string Valid(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }
}
