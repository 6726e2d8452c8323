using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The configuration section of <c>AddHttp</c>. It may be the section of the core as well.</summary>
internal sealed class HttpSection(IConfigurationSection section)
{
    /// <summary>The names that this package reads there.</summary>
    public static string[] Names { get; } =
        ["Ttl", .. typeof(RedisResilienceHttpOptions).GetProperties().Select(property => property.Name)];

    public string Path => section.Path;

    /// <summary>The key under which each package registers the names that it reads in a section.</summary>
    public static string KeyOf(string path) => $"RedisResilience:{path}";

    /// <exception cref="OptionsValidationException">A name is unknown, or a value does not have the type of its option.</exception>
    public void Check(IServiceProvider services)
    {
        string[] known =
        [
            "ConnectionString",
            .. typeof(RedisResilienceOptions).GetProperties().Select(property => property.Name),
            .. services.GetKeyedServices<string[]>(KeyOf(section.Path)).SelectMany(names => names),
        ];
        var errors = section.GetChildren()
            .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => SettingCheck.Unknown(child, Names))
            .Concat(SettingCheck.Values(section, typeof(RedisResilienceHttpOptions)))
            .Concat(section.GetSection(nameof(RedisResilienceHttpOptions.Policies)).GetChildren().SelectMany(CheckPolicy))
            .ToArray();
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(RedisResilienceHttpOptions), errors);
        }
    }

    private static IEnumerable<string> CheckPolicy(IConfigurationSection policy) =>
        SettingCheck.All(policy, typeof(RateLimitPolicyOptions))
            .Concat(policy.GetSection(nameof(RateLimitPolicyOptions.Limits)).GetChildren()
                .SelectMany(limit => SettingCheck.All(limit, typeof(RateLimitOptions))));
}
