using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>Why a response is not stored (RFC 9111, section 3): one list of rules, each with its word for <c>Cache-Status</c>.</summary>
internal static class StorageRules
{
    public static string? WhyNot(CacheCall call, int status, in CacheControl control, Func<string, IEnumerable<string?>> lines) =>
        call.Control.NoStore ? "request-no-store"
        : status is < 200 or 206 or 304 ? "status"
        : control.MustUnderstand && !StatusRules.IsUnderstood(status) ? "must-understand"
        : control.NoStore && !control.MustUnderstand ? "no-store"
        : VaryField.Parse(lines("Vary")).IsAny ? "vary"
        : IsEndless(lines) ? "event-stream"
        : IsTooLarge(call, lines) ? "too-large"
        : call.Options.IsPrivate ? null
        : control.IsPrivate ? "private"
        : call.HasCredentials && !(control.IsPublic || control.MustRevalidate || control.SharedMaxAge is not null) ? "credentials"
        : lines("Set-Cookie").Any() && !call.Options.StoresCookies ? "set-cookie"
        : null;

    private static bool IsEndless(Func<string, IEnumerable<string?>> lines) =>
        lines("Content-Type").FirstOrDefault()?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsTooLarge(CacheCall call, Func<string, IEnumerable<string?>> lines) =>
        lines("Content-Length").FirstOrDefault() is { } length
            && long.TryParse(length, out var bytes)
            && bytes > call.Options.MaximumBodySize;
}
