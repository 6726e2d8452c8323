namespace RedisResilience.HttpSemantics;

/// <summary>
/// A field such as <c>CDN-Cache-Control</c> that is meant for one kind of cache and takes the place of <c>Cache-Control</c> and
/// <c>Expires</c> there (RFC 9213). It is a dictionary of structured fields (RFC 9651). A field that breaks their rules, or has a directive
/// with a value of the wrong type, is ignored.
/// </summary>
internal static class TargetedCacheControl
{
    /// <summary>Reads all lines of such a field.</summary>
    /// <returns>Whether it holds: it is well-formed and has a directive.</returns>
    public static bool TryParse(IEnumerable<string?> lines, out CacheControl control)
    {
        control = default;
        var reader = new StructuredReader(string.Join(", ", lines));
        reader.SkipSpaces();
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadKey(out var key)
                || !reader.TryReadMember(out var type, out var value)
                || !TryAdd(ref control, key, type, value)
                || !reader.TryReadSeparator())
            {
                control = default;
                return false;
            }
        }

        return control.HasDirectives;
    }

    // Of members with one name the last one counts, as in every dictionary.
    private static bool TryAdd(ref CacheControl control, string key, StructuredType type, string value)
    {
        var isOn = type != StructuredType.Boolean || value == "1";
        var seconds = Seconds(value);
        var isNumber = type == StructuredType.Integer;
        var isFlag = type == StructuredType.Boolean;
        control = control with { HasDirectives = true };
        (control, var isRight) = key switch
        {
            "no-store" => (control with { NoStore = isOn }, isFlag),
            "no-cache" => (control with { NoCache = isOn }, isFlag || type == StructuredType.String),
            "private" => (control with { IsPrivate = isOn }, isFlag || type == StructuredType.String),
            "public" => (control with { IsPublic = isOn }, isFlag),
            "must-revalidate" => (control with { MustRevalidate = isOn }, isFlag),
            "proxy-revalidate" => (control with { ProxyRevalidate = isOn }, isFlag),
            "must-understand" => (control with { MustUnderstand = isOn }, isFlag),
            "immutable" => (control with { IsImmutable = isOn }, isFlag),
            "no-transform" => (control with { NoTransform = isOn }, isFlag),
            "max-age" => (control with { MaxAge = seconds }, isNumber),
            "s-maxage" => (control with { SharedMaxAge = seconds }, isNumber),
            "stale-while-revalidate" => (control with { StaleWhileRevalidate = seconds }, isNumber),
            "stale-if-error" => (control with { StaleIfError = seconds }, isNumber),
            _ => (control, true),
        };
        return isRight;
    }

    private static TimeSpan Seconds(string value) => DeltaSeconds.TryParse(value, out var seconds) ? seconds : TimeSpan.Zero;
}
