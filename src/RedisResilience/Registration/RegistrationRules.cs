using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisResilience.Registration;

/// <summary>Finds errors in the registration of a Redis that do not depend on its options.</summary>
internal static class RegistrationRules
{
    private const string ConnectionString = "ConnectionString";

    /// <param name="registrations">All of one name.</param>
    /// <param name="services">Where other packages say which names they read in a section: texts under the key of <see
    /// cref="KeyOf"/>.</param>
    /// <param name="result">Gets what is wrong.</param>
    public static void Check(IReadOnlyList<RedisRegistration> registrations, IServiceProvider services, ValidateOptionsResultBuilder result)
    {
        if (registrations.Count > 1)
        {
            result.AddError(registrations[0].Name is { } name
                ? $"AddRedisResilience was called {registrations.Count} times with the name '{name}'. Give each Redis a name of its "
                    + $"own; in tests, ReplaceRedisResilience puts another one in its place."
                : $"AddRedisResilience was called {registrations.Count} times without a name. Give the further ones names: "
                    + $"AddRedisResilience(\"sessions\", ...); in tests, ReplaceRedisResilience puts another one in its place.");
        }

        foreach (var registration in registrations.Where(registration => registration.Section is { Length: > 0 }))
        {
            string[] known =
            [
                ConnectionString,
                .. typeof(RedisResilienceOptions).GetProperties().Select(property => property.Name),
                .. services.GetKeyedServices<string[]>(KeyOf(registration.Section!)).SelectMany(names => names),
            ];
            foreach (var name in registration.Names.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                result.AddError(
                    $"'{name}' is not the name of a setting. There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    /// <summary>The key of the names that a package reads in a section.</summary>
    public static string KeyOf(string section) => $"RedisResilience:{section}";
}
