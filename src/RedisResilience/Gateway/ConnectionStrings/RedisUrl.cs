using System.Globalization;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>
/// The <c>redis</c> and <c>rediss</c> schemes: <c>[user[:password]@]host[:port][,host[:port]]…[/database][?name=value&amp;…]</c>.
/// </summary>
/// <remarks>
/// User info without a colon is a user, as in RFC 3986. A password without a user is <c>:password@host</c>. The query takes the options of
/// StackExchange.Redis, except those that have their own place in the URL.
/// </remarks>
internal static class RedisUrl
{
    private const int DefaultPort = 6379;

    internal static ConfigurationOptions Parse(string text, bool isTls)
    {
        RefuseUnencoded(text);
        var (rest, query) = SplitAt(text, '?');
        var (authority, path) = SplitAt(rest, '/');
        if ((path + query).Contains('@'))
        {
            throw new MalformedConnectionStringException(
                "The URL has an '@' after its hosts. In a user or a password, '/' is '%2F' and '?' is '%3F'; elsewhere '@' is '%40'.");
        }

        var options = ConnectionStringOptions.Parse(UrlQuery.Settings(query));
        AddCredentialsAndHosts(options, authority);
        AddDatabase(options, path);
        options.Ssl = isTls;

        // One host: its cluster's other nodes show the same certificate. Several: each is checked under its own name.
        if (isTls && options.SslHost is null && options.EndPoints is [var only])
        {
            options.SslHost = RedisEndpoint.HostOf(only);
        }

        return options;
    }

    private static void RefuseUnencoded(string text)
    {
        if (text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            throw new MalformedConnectionStringException("The URL has white space or a control character. A space is '%20'.");
        }

        if (text.Contains('#'))
        {
            throw new MalformedConnectionStringException("The URL has a fragment. In a user or a password, '#' is '%23'.");
        }
    }

    private static void AddCredentialsAndHosts(ConfigurationOptions options, string authority)
    {
        var (userInfo, hosts) = authority.Contains('@') ? SplitAt(authority, '@') : ("", authority);
        if (hosts.Contains('@'))
        {
            throw new MalformedConnectionStringException("The URL has more than one '@'. In a user or a password, '@' is '%40'.");
        }

        var (user, password) = SplitAt(userInfo, ':');
        options.User = user.Length == 0 ? null : PercentEncoding.Decode(user, "user");
        options.Password = password.Length == 0 ? null : PercentEncoding.Decode(password, "password");

        foreach (var host in hosts.Split(','))
        {
            options.EndPoints.TryAdd(RedisEndpoint.Parse(host, options.EndPoints.Count + 1, DefaultPort));
        }
    }

    private static void AddDatabase(ConfigurationOptions options, string path)
    {
        if (path.Length == 0)
        {
            return;
        }

        var digits = path.Length > 1 && path.EndsWith('/') ? path[..^1] : path;
        options.DefaultDatabase = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var database)
            ? database
            : throw new MalformedConnectionStringException("The path of the URL is not the number of a database, such as '/0'.");
    }

    private static (string Before, string After) SplitAt(string text, char separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }
}
