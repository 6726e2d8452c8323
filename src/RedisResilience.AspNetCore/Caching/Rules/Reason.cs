namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>Why a response does not come from the cache or does not go there: each has its <c>detail</c> of <c>Cache-Status</c>.</summary>
internal sealed class Reason
{
    public static readonly Reason Authorization = new("authorization");
    public static readonly Reason Authenticated = new("authenticated");
    public static readonly Reason User = new("user");
    public static readonly Reason Key = new("key");
    public static readonly Reason Tag = new("tag");
    public static readonly Reason Range = new("range");
    public static readonly Reason RequestNoStore = new("no-store");
    public static readonly Reason Upgrade = new("upgrade");
    public static readonly Reason EventStream = new("event-stream");
    public static readonly Reason OnlyIfCached = new("only-if-cached");
    public static readonly Reason Overloaded = new("overloaded");
    public static readonly Reason NotShared = new("not-shared");
    public static readonly Reason Alone = new("pass");

    public static readonly Reason SetCookie = new("set-cookie");
    public static readonly Reason CacheControl = new("cache-control");
    public static readonly Reason Vary = new("vary");
    public static readonly Reason ContentEncoding = new("content-encoding");
    public static readonly Reason Partial = new("partial");
    public static readonly Reason MediaType = new("media-type");
    public static readonly Reason EntityTag = new("etag");
    public static readonly Reason Header = new("header");
    public static readonly Reason Streamed = new("streamed");
    public static readonly Reason TooLarge = new("too-large");

    public static readonly Reason Status = new("status");
    public static readonly Reason Failure = new("status", lasts: false);
    public static readonly Reason Length = new("length", lasts: false);
    public static readonly Reason Aborted = new("aborted", lasts: false);
    public static readonly Reason Incomplete = new("incomplete", lasts: false);
    public static readonly Reason NotStored = new("not-stored", lasts: false);

    private Reason(string detail, bool lasts = true)
    {
        Detail = detail;
        Lasts = lasts;
        Bypass = $"RedisResilience; fwd=bypass; detail={detail}";
        Miss = $"RedisResilience; fwd=uri-miss; detail={detail}";
        Stale = $"RedisResilience; fwd=stale; detail={detail}";
        Request = $"RedisResilience; fwd=request; detail={detail}";
    }

    public string Detail { get; }

    /// <summary>What a status says that keeps its response out.</summary>
    public static Reason OfStatus(int status) => ResponseRules.IsFailure(status) ? Failure : Status;

    /// <summary>Whether the next response of the same key is likely to have the same reason: waiting for it would be in vain.</summary>
    public bool Lasts { get; }

    /// <summary>The field's value for a request that the cache was not asked about.</summary>
    public string Bypass { get; }

    /// <summary>The field's value where there was nothing.</summary>
    public string Miss { get; }

    /// <summary>The field's value where there was a fresh response and the request wants a newer one.</summary>
    public string Request { get; }

    /// <summary>The field's value where there was an older response.</summary>
    public string Stale { get; }
}
