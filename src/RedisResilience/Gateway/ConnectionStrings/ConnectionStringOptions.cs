using StackExchange.Redis;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>The <c>name=value</c> options of a connection string, read by StackExchange.Redis itself and then checked.</summary>
internal static class ConnectionStringOptions
{
    internal const string CommaInPassword =
        "What follows the password is neither a known option nor an endpoint. A comma ends a password; one that has a comma needs a "
            + "redis:// URL, and '%2C'.";


    internal static bool IsPassword(string setting) => NameOf(setting).Equals("password", StringComparison.OrdinalIgnoreCase);

    internal static string NameOf(string setting) => setting[..setting.IndexOf('=')].Trim();

    internal static ConfigurationOptions Parse(IReadOnlyList<string> settings)
    {
        if (settings.Count == 0)
        {
            return new ConfigurationOptions();
        }

        // One by one, to learn which of them StackExchange.Redis refuses.
        for (var i = 0; i < settings.Count; i++)
        {
            Check(settings[i], i + 1, followsPassword: i > 0 && IsPassword(settings[i - 1]));
        }

        return ConfigurationOptions.Parse(string.Join(',', settings));
    }

    private static void Check(string setting, int number, bool followsPassword)
    {
        var name = NameOf(setting);
        try
        {
            var options = ConfigurationOptions.Parse(setting);
            if (options.DefaultDatabase < 0 || options.ConnectTimeout < 1 || options.SyncTimeout < 1 || options.AsyncTimeout < 1)
            {
                throw new ArgumentOutOfRangeException(name);
            }
        }
        catch (Exception refusal)
        {
            // Its message quotes the value: it is neither shown nor chained.
            throw new MalformedConnectionStringException(
                IsUnknownName(refusal)
                    ? UnknownName(number, followsPassword)
                    : $"The value of the option '{name}' is not one that it can have.");
        }
    }

    private static bool IsUnknownName(Exception refusal) => refusal.GetType() == typeof(ArgumentException);

    // What is no option's name may be anything, also a password that was cut in two.
    private static string UnknownName(int number, bool followsPassword) =>
        followsPassword ? CommaInPassword : $"Option {number} is not known to StackExchange.Redis.";
}
