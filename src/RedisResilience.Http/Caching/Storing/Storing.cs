using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>Decides by status and header fields whether a response is stored, before its body is read.</summary>
internal sealed class Storing
{
    private static readonly TimeSpan Never = TimeSpan.Zero;

    private readonly CacheControl _control;
    private readonly Freshness _freshness;

    private Storing(CacheControl control, Freshness freshness, string? refusal, bool isForbidden) =>
        (_control, _freshness, Refusal, IsForbidden) = (control, freshness, refusal, isForbidden);

    /// <summary>Why it is not stored, as text for <c>Cache-Status</c>. Null when it is stored.</summary>
    public string? Refusal { get; }

    /// <summary>Whether the response is for one request only. If it is not, only its age can keep it from being stored.</summary>
    public bool IsForbidden { get; }

    /// <summary>Judges a response.</summary>
    /// <param name="call">The request.</param>
    /// <param name="status">The response's status.</param>
    /// <param name="lines">The response's fields.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="receivedAt">When the response came.</param>
    public static Storing Judge(
        CacheCall call, int status, Func<string, IEnumerable<string?>> lines, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        var options = call.Options;
        var (control, isTargeted) = ResponseDirectives.Read(lines, options);
        var fields = new FreshnessFields(status, control, isTargeted)
        {
            Date = lines("Date"),
            Age = lines("Age"),
            Expires = lines("Expires"),
            LastModified = lines("Last-Modified")
        };
        var rules = new FreshnessRules(!options.IsPrivate, options.HeuristicFactor, options.MaximumHeuristicLifetime);
        var freshness = Freshness.Of(fields, rules, sentAt, receivedAt);
        var forbidden = StorageRules.WhyNot(call, status, control, lines);
        var refusal = forbidden ?? WhyUseless(call, status, control, freshness, lines, receivedAt);
        return new Storing(control, freshness, refusal, forbidden is not null);
    }

    /// <summary>Whether a response might be stored. A directive forbids most of the others, so that their times are not
    /// read.</summary>
    /// <inheritdoc cref="Judge"/>
    public static bool MayBeStored(
        CacheCall call, int status, Func<string, IEnumerable<string?>> lines, DateTimeOffset sentAt, DateTimeOffset receivedAt) =>
        StorageRules.WhyNot(call, status, ResponseDirectives.Read(lines, call.Options).Control, lines) is null
            && Judge(call, status, lines, sentAt, receivedAt).Refusal is null;

    /// <summary>How the response may be reused.</summary>
    /// <param name="isPrivate">Whether the cache is private.</param>
    /// <param name="now">When it is stored.</param>
    public ReusePolicy Policy(bool isPrivate, DateTimeOffset now)
    {
        // s-maxage forbids serving it stale, unless the response itself allows it.
        var isStrict = !isPrivate && _control.SharedMaxAge is not null;
        var allows = _control.StaleWhileRevalidate is not null || _control.StaleIfError is not null;
        return new ReusePolicy(
            _freshness.Lifetime,
            _freshness.Age(now),
            _control.NoCache,
            _control.MustRevalidate || (!isPrivate && _control.ProxyRevalidate) || (isStrict && !allows),
            _control.IsImmutable)
        {
            StaleWhileRevalidate = _control.StaleWhileRevalidate ?? (isStrict ? Never : null),
            StaleIfError = _control.StaleIfError ?? (isStrict ? Never : null),
        };
    }

    /// <summary>The fields that the response itself forbids to store.</summary>
    public IReadOnlySet<string> Withheld(bool isPrivate) =>
        StoredFields.Names([_control.WithheldFields, isPrivate ? null : _control.PrivateFields]);

    // A response is useless if it is stale from the start, may not be served stale, and cannot be revalidated.
    private static string? WhyUseless(
        CacheCall call, int status, in CacheControl control, in Freshness freshness, Func<string, IEnumerable<string?>> lines,
        DateTimeOffset now)
    {
        var hasValidator = lines("ETag").Any() || lines("Last-Modified").Any();
        return freshness.Left(now) > Never && !control.NoCache ? null
            : hasValidator && (freshness.IsExplicit || control.IsPublic || control.NoCache || StatusRules.IsHeuristicallyCacheable(status))
                ? null
            : freshness.IsExplicit && MayBeServedStale(call, control, -freshness.Left(now)) ? null
            : freshness.IsExplicit ? "stale" : "no-freshness";
    }

    // RFC 5861: the response itself may allow to be served for a while after it has become stale.
    private static bool MayBeServedStale(CacheCall call, in CacheControl control, TimeSpan staleFor) =>
        !control.NoCache && !control.MustRevalidate && (call.Options.IsPrivate || !control.ProxyRevalidate)
            && (staleFor < (control.StaleWhileRevalidate ?? Never) || staleFor < (control.StaleIfError ?? Never));
}
