using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>
/// Finds the command that the server has refused in the server's message. For a script, it is the command within the script.
/// </summary>
internal static class RefusedCommand
{
    private const string Before = "run the '";

    // Servers before 7.2 do not say which one.
    private const string OfAScript = "user executing the script";

    /// <param name="exception">The exception of the client.</param>
    /// <param name="sent">The command that was sent.</param>
    public static string Of(Exception? exception, string sent)
    {
        if (exception?.GetBaseException() is not RedisServerException { Message: var message })
        {
            return sent;
        }

        if (message.Contains(OfAScript, StringComparison.Ordinal))
        {
            return $"a command within {sent}";
        }

        var from = message.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var to = from < Before.Length ? -1 : message.IndexOf('\'', from);
        if (to < 0)
        {
            return sent;
        }

        var refused = message[from..to].ToUpperInvariant();
        return refused == sent ? sent : $"{refused} (within {sent})";
    }
}
