using System.Buffers;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>Reads <c>redis://</c> and <c>rediss://</c> URLs and StackExchange.Redis' own strings.</summary>
internal static class RedisConnectionString
{
    private const int LongestScheme = 24;

    // These may be quoted. Any other text before "://" may be a part of a password.
    private static readonly string[] OtherSchemes = ["http", "https", "tcp", "unix", "mongodb", "mongodb+srv", "redis+sentinel",
        "redis+socket", "valkey", "valkeys"];


    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <exception cref="ArgumentException">The string is malformed. The message names the wrong part, and neither user nor
    /// password.</exception>
    internal static ConfigurationOptions Parse(string connectionString, string parameterName)
    {
        try
        {
            return Parse(connectionString.Trim());
        }
        catch (MalformedConnectionStringException malformed)
        {
            throw new ArgumentException(malformed.Message, parameterName);
        }
    }

    private static ConfigurationOptions Parse(string text)
    {
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd is < 1 or > LongestScheme || text.AsSpan(0, schemeEnd).ContainsAnyExcept(SchemeCharacters))
        {
            return StackExchangeString.Parse(text);
        }

        var rest = text[(schemeEnd + "://".Length)..];
        return text[..schemeEnd].ToLowerInvariant() switch
        {
            "redis" => RedisUrl.Parse(rest, isTls: false),
            "rediss" => RedisUrl.Parse(rest, isTls: true),
            var other when OtherSchemes.Contains(other) =>
                throw new MalformedConnectionStringException($"The scheme '{other}' is neither 'redis' nor 'rediss'."),
            _ => throw new MalformedConnectionStringException("The scheme is neither 'redis' nor 'rediss'."),
        };
    }
}
