namespace Predictions.Startup;

/// <summary>The part of a connection string that may be shown: hosts and ports, never who logs in or how.</summary>
internal static class SafeAddress
{
    public static string Of(string connectionString)
    {
        var text = connectionString.Trim();

        // A password further on may have a "://" of its own.
        var scheme = text.IndexOfAny([':', ',', '=']);
        if (scheme < 0 || !text.AsSpan(scheme).StartsWith("://"))
        {
            // A StackExchange.Redis string. The hosts end where the settings begin: a part without an equals sign after that may be the
            // rest of a password with a comma.
            var hosts = text.Split(',').Select(part => part.Trim()).TakeWhile(part => !part.Contains('=')).Where(part => part.Length > 0);
            return string.Join(", ", hosts);
        }

        // The last @ ends the credentials, wherever a careless password has put another one, or a slash.
        var authority = text[(text.LastIndexOf('@') is var at and >= 0 ? at + 1 : scheme + 3)..];
        var end = authority.IndexOfAny(['/', '?', '#']);
        return end < 0 ? authority : authority[..end];
    }
}
