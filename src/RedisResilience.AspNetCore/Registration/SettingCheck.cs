using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>
/// Finds names and values that a configuration section cannot have, before they are bound: each error says what there is.
/// </summary>
internal static class SettingCheck
{
    private const DynamicallyAccessedMemberTypes Properties = DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>What is wrong with the names and values of a section.</summary>
    public static IEnumerable<string> All(IConfigurationSection section, [DynamicallyAccessedMembers(Properties)] Type options)
    {
        string[] names = [.. options.GetProperties().Select(property => property.Name)];
        return section.GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => Unknown(child, names))
            .Concat(Values(section, options));
    }

    /// <summary>What is wrong with the values of a section.</summary>
    public static IEnumerable<string> Values(IConfigurationSection section, [DynamicallyAccessedMembers(Properties)] Type options) =>
        from property in options.GetProperties()
        let setting = section.GetSection(property.Name)
        where setting.Value is { Length: > 0 }
        let allowed = AllowedInsteadOf(setting.Value!, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
        where allowed is not null
        select $"{setting.Path} is '{setting.Value}'; it must be {allowed}.";

    public static string Unknown(IConfigurationSection setting, string[] names) =>
        $"{setting.Path}: '{setting.Key}' is not the name of a setting. "
            + $"There are: {string.Join(", ", names.Order(StringComparer.Ordinal))}.";

    private static string? AllowedInsteadOf(string value, Type type) =>
        type.IsEnum ? Enum.TryParse(type, value, ignoreCase: true, out _) ? null : $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number"
        : type == typeof(bool) ? bool.TryParse(value, out _) ? null : "true or false"
        : type == typeof(TimeSpan) && !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _)
            ? "a time such as 00:01:00 or 1.00:00:00"
        : null;
}
