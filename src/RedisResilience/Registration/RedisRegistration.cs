using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Registration;

/// <summary>Records one call of <c>AddRedisResilience</c> and its arguments.</summary>
internal sealed class RedisRegistration(string? name, bool isConfigured, IConfiguration? section)
{
    /// <summary>The name of the Redis. Null for the one without.</summary>
    public string? Name { get; } = name;

    /// <summary>Whether the application has configured a Redis. When it has not, the services are the no-ops.</summary>
    public bool IsConfigured { get; } = isConfigured;

    /// <summary>Where the options come from. Null: from code.</summary>
    public string? Section { get; } = (section as IConfigurationSection)?.Path;

    /// <summary>The names that stand there just now.</summary>
    public IEnumerable<string> Names => section?.GetChildren().Select(child => child.Key) ?? [];

    /// <summary>The services that it has added, and that a replacement takes back.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; set; } = [];

    /// <summary>How long the start waits for Redis, which it then needs. Null: it does not.</summary>
    public TimeSpan? RequiredWithin { get; set; }
}
