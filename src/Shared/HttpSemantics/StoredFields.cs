namespace RedisResilience.HttpSemantics;

/// <summary>Which fields of a response are stored (RFC 9111, sections 3.1 and 3.2).</summary>
internal static class StoredFields
{
    // Of one connection, or of one proxy: RFC 9110, section 7.6.1, and RFC 9111, section 3.1.
    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade",
    };

    // They describe the body that is kept, which a 304 does not bring.
    private static readonly HashSet<string> OfBody = new(
        StringComparer.OrdinalIgnoreCase) { "Content-Encoding", "Content-Length", "Content-MD5", "Content-Range", "ETag" };

    /// <summary>Whether a field is of one connection, by its name or because <c>Connection</c> names it.</summary>
    public static bool IsOfConnection(string name, IReadOnlySet<string> named) => OfConnection.Contains(name) || named.Contains(name);

    /// <summary>Whether a 304 leaves a kept field as it is.</summary>
    public static bool IsOfBody(string name) => OfBody.Contains(name);

    /// <summary>The names that a field such as <c>Connection</c>, or a directive such as <c>no-cache="…"</c>, lists.</summary>
    public static IReadOnlySet<string> Names(IEnumerable<string?> lines)
    {
        HashSet<string>? names = null;
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                if (FieldText.NextElement(ref rest) is { IsEmpty: false } name)
                {
                    (names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name.ToString());
                }
            }
        }

        return names ?? NoNames;
    }

    private static readonly HashSet<string> NoNames = [];
}
