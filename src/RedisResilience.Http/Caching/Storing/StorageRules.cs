using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>The reasons not to store a response (RFC 9111, section 3), each with its text for <c>Cache-Status</c>.</summary>
internal static class StorageRules
{
    public static string? WhyNot(CacheCall call, int status, in CacheControl control, Func<string, IEnumerable<string?>> lines) =>
        call.Control.NoStore ? "request-no-store"
        : IsOfOneRequest(status) ? "status"
        : control.MustUnderstand && !StatusRules.IsUnderstood(status) ? "must-understand"
        : control.NoStore && !control.MustUnderstand ? "no-store"
        : VaryField.Parse(lines("Vary")).IsAny ? "vary"
        : IsEndless(lines) ? "event-stream"
        : IsOfNoLength(lines) ? "content-length"
        : IsTooLarge(call, lines) ? "too-large"
        : call.Options.IsPrivate ? null
        : control.IsPrivate ? "private"
        : call.HasCredentials && !(control.IsPublic || control.MustRevalidate || control.SharedMaxAge is not null) ? "credentials"
        : lines("Set-Cookie").Any() && !call.Options.StoresCookies ? "set-cookie"
        : null;

    // A partial response, and an answer to conditions, are for one request only.
    private static bool IsOfOneRequest(int status) => status is < 200 or 206 or 304 or 412 or 416;

    /// <summary>Whether the next response is probably not stored either.</summary>
    public static bool SaysSoOfTheNext(int status) => !IsOfOneRequest(status) && !StatusRules.IsFailure(status);

    private static bool IsEndless(Func<string, IEnumerable<string?>> lines) =>
        lines("Content-Type").FirstOrDefault()?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    // HttpClient ignores invalid and contradictory lengths. It is then not known where the body ends.
    private static bool IsOfNoLength(Func<string, IEnumerable<string?>> lines)
    {
        string? first = null;
        foreach (var line in lines("Content-Length"))
        {
            if (line is not { Length: > 0 } || line.AsSpan().ContainsAnyExceptInRange('0', '9') || (first ??= line) != line)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTooLarge(CacheCall call, Func<string, IEnumerable<string?>> lines) =>
        lines("Content-Length").FirstOrDefault() is { } length
            && long.TryParse(length, out var bytes)
            && bytes > call.Options.MaximumBodySize;
}
