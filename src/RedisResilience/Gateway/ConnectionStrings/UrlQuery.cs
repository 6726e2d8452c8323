using RedisResilience.Gateway.ConnectionStrings;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>A URL's query, as StackExchange.Redis' <c>name=value</c> options.</summary>
internal static class UrlQuery
{
    private static readonly string[] PartsOfTheUrl = ["user", "password", "ssl", "defaultDatabase"];

    internal static List<string> Settings(string query)
    {
        var settings = new List<string>();
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var setting = PercentEncoding.Decode(parameter, "query");
            if (setting.IndexOf('=') < 1 || setting.Contains(','))
            {
                throw new MalformedConnectionStringException("The query of the URL is not made of name=value pairs without commas.");
            }

            if (PartsOfTheUrl.Contains(ConnectionStringOptions.NameOf(setting), StringComparer.OrdinalIgnoreCase))
            {
                throw new MalformedConnectionStringException(
                    $"The option '{ConnectionStringOptions.NameOf(setting)}' has a place of its own in a URL: "
                        + $"redis[s]://user:password@host:port/database.");
            }

            settings.Add(setting);
        }

        return settings;
    }
}
