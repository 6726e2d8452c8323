using RedisResilience.AspNetCore.Caching;

namespace RedisResilience.AspNetCore;

/// <summary>Caches the responses of a controller, an action, a page or a handler, as <c>CacheResponse</c> does.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class CacheResponseAttribute : Attribute, ICacheResponseMetadata
{
    private CacheResponseMetadata? _metadata;

    /// <summary>Caches under a key made from the route and from the values that the handler binds.</summary>
    public CacheResponseAttribute()
    {
    }

    /// <summary>Caches under a key made from a template.</summary>
    /// <param name="key">See <see cref="CacheResponseBuilder.Key(string)"/>.</param>
    public CacheResponseAttribute(string key) => Key = key;

    /// <summary>The key's template; null: the key is made.</summary>
    public string? Key { get; }

    /// <summary>How long an entry is fresh, in seconds.</summary>
    /// <value>Default: 0, <see cref="RedisResilienceHttpOptions.TimeToLive"/>.</value>
    public double Duration { get; set; }

    /// <summary>For how many seconds after that time the entry may be served while one request fetches a new one.</summary>
    /// <value>Default: 0.</value>
    public double StaleWhileRevalidate { get; set; }

    /// <summary>For how many seconds after that time the entry may be served instead of an error.</summary>
    /// <value>Default: 0.</value>
    public double StaleIfError { get; set; }

    /// <summary>See <see cref="CacheResponseBuilder.VaryByQuery"/>.</summary>
    public string[] VaryByQuery { get; set; } = [];

    /// <summary>See <see cref="CacheResponseBuilder.VaryByHeader"/>.</summary>
    public string[] VaryByHeader { get; set; } = [];

    /// <summary>See <see cref="CacheResponseBuilder.Tags(string[])"/>.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>See <see cref="CacheResponseBuilder.PerUser"/>.</summary>
    public bool PerUser { get; set; }

    /// <summary>See <see cref="CacheResponseBuilder.ForAllUsers"/>.</summary>
    public bool ForAllUsers { get; set; }

    /// <summary>See <see cref="CacheResponseBuilder.Redis"/>.</summary>
    /// <value>Default: null, the Redis that <c>AddHttp</c> was called on.</value>
    public string? Redis { get; set; }

    CacheResponseMetadata ICacheResponseMetadata.Metadata => _metadata ??= Build();

    private CacheResponseMetadata Build()
    {
        var builder = new CacheResponseBuilder().VaryByQuery(VaryByQuery).VaryByHeader(VaryByHeader).Tags(Tags);
        _ = Key is null ? builder : builder.Key(Key);
        _ = Duration == 0 ? builder : builder.Duration(TimeSpan.FromSeconds(Duration));
        _ = StaleWhileRevalidate == 0 ? builder : builder.StaleWhileRevalidate(TimeSpan.FromSeconds(StaleWhileRevalidate));
        _ = StaleIfError == 0 ? builder : builder.StaleIfError(TimeSpan.FromSeconds(StaleIfError));
        _ = PerUser ? builder.PerUser() : builder;
        _ = Redis is null ? builder : builder.Redis(Redis);
        _ = ForAllUsers ? builder.ForAllUsers() : builder;
        return builder.Build();
    }
}
