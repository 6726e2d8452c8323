using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RedisResilience.AspNetCore.Registration;

/// <summary> Finds invalid names and values in a configuration section before they are bound. Each error lists the valid ones. </summary>
internal static class SettingCheck
{
    private const DynamicallyAccessedMemberTypes Properties = DynamicallyAccessedMemberTypes.PublicProperties;
    private const string List = "a list";
    private const string Section = "a section with settings of its own";

    /// <summary>The errors in the names and values of a section.</summary>
    public static IEnumerable<string> All(IConfigurationSection section, [DynamicallyAccessedMembers(Properties)] Type options)
    {
        if (section.Value is { Length: > 0 } value)
        {
            return [$"{section.Path} is '{value}'; it must be {Section}."];
        }

        string[] names = [.. options.GetProperties().Select(property => property.Name)];
        return section.GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => Unknown(child, names))
            .Concat(Values(section, options));
    }

    /// <summary>The errors in the values of a section.</summary>
    public static IEnumerable<string> Values(IConfigurationSection section, [DynamicallyAccessedMembers(Properties)] Type options) =>
        from property in options.GetProperties()
        let setting = section.GetSection(property.Name)
        let wrong = WrongWith(setting, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
        where wrong is not null
        select wrong;

    public static string Unknown(IConfigurationSection setting, string[] names) =>
        $"{setting.Path}: '{setting.Key}' is not the name of a setting. "
            + $"There are: {string.Join(", ", names.Order(StringComparer.Ordinal))}.";

    // The binder passes over what stands in another form than it expects, and such a limit would be none.
    private static string? WrongWith(IConfigurationSection setting, Type type)
    {
        var allowed = AllowedOf(type);
        var isMany = allowed is List or Section;
        return allowed is null ? null
            : !isMany && setting.GetChildren().Any() ? $"{setting.Path} has settings of its own; it must be {allowed}."
            : setting.Value is { Length: > 0 } value && (isMany || !CanBe(type, value))
                ? $"{setting.Path} is '{value}'; it must be {allowed}."
            : null;
    }

    private static string? AllowedOf(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) ? "a whole number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time such as 00:01:00 or 1.00:00:00"
        : type == typeof(string) ? "a text"
        : !type.IsGenericType ? null
        : type.GetGenericTypeDefinition() == typeof(IList<>) ? List
        : type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? Section
        : null;

    private static bool CanBe(Type type, string value) =>
        type.IsEnum ? Enum.TryParse(type, value, ignoreCase: true, out var known) && Enum.IsDefined(type, known)
        : type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? bool.TryParse(value, out _)
        : type != typeof(TimeSpan) || TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
}
