using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Callers;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore;

/// <summary>Configures how the responses of an endpoint or a group are cached. It is used once, when the endpoints are mapped.</summary>
/// <remarks>
/// The endpoint's own response takes precedence: its <c>Cache-Control</c> (RFC 9111 and RFC 5861) may forbid storing, and <c>s-maxage</c>,
/// <c>max-age</c>, <c>stale-while-revalidate</c> and <c>stale-if-error</c> replace the times that are given here.
/// </remarks>
public sealed partial class CacheResponseBuilder
{
    private readonly SortedSet<string> _queryNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _headerNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, Func<HttpContext, string?>> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _left = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _targeted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, TimeSpan> _statuses = [];
    private readonly List<CacheKeyTemplate> _tags = [];
    private readonly List<Func<HttpContext, IEnumerable<string>>> _tagFunctions = [];
    private CacheEntryOptions _options = new(TimeSpan.FromSeconds(60)) { RefreshInForeground = true };
    private CacheKeyTemplate? _template;
    private Func<HttpContext, string?>? _function;
    private Func<HttpContext, string?>? _user;
    private Func<HttpContext, bool>? _hearsRequest;
    private TimeSpan? _duration;
    private string? _redis;
    private bool _ignoresCase;
    private bool _isForAllUsers;
    private bool _announcesFreshness;
    private bool _variesByHost;
    private bool _variesByWholeQuery;
    private bool _isShared;
    private bool _keepsOnUnsafeMethods;

    internal CacheResponseBuilder()
    {
    }

    /// <summary>How long an entry is fresh. Without it: <see cref="RedisResilienceHttpOptions.TimeToLive"/>.</summary>
    /// <param name="time">From 1 ms to 365 days.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is out of its range.</exception>
    public CacheResponseBuilder Duration(TimeSpan time)
    {
        _duration = EntryLifetime.Valid(time, nameof(time));
        return this;
    }

    /// <summary>How long after that time the entry may be served while one request asks the endpoint for a new response.</summary>
    /// <inheritdoc cref="Duration"/>
    public CacheResponseBuilder StaleWhileRevalidate(TimeSpan time)
    {
        _options = _options with { StaleWhileRevalidate = EntryLifetime.Valid(time, nameof(time)) };
        return this;
    }

    /// <summary>
    /// How long after that time the entry may be served instead of an error: an exception, or the status 500, 502, 503 or 504.
    /// </summary>
    /// <inheritdoc cref="Duration"/>
    public CacheResponseBuilder StaleIfError(TimeSpan time)
    {
        _options = _options with { StaleIfError = EntryLifetime.Valid(time, nameof(time)) };
        return this;
    }

    /// <summary>Also caches responses of another status than 200, such as 404, for a time of their own.</summary>
    /// <param name="statusCode">A final status other than 200, 206 and 304.</param>
    /// <param name="time">From 1 ms to 365 days.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public CacheResponseBuilder Status(int statusCode, TimeSpan time)
    {
        if (statusCode is < 200
            or > 599 or StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified)
        {
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "200 is always kept; 206, 304 and what is no final status never are.");
        }

        _statuses[statusCode] = EntryLifetime.Valid(time, nameof(time));
        return this;
    }

    /// <summary>
    /// Adds tags to entries, with which <see cref="RedisResilience.Caching.IResponseCache"/> can remove many entries at once.
    /// </summary>
    /// <param name="templates">
    /// Tags, whose placeholders are route values: <c>symbol:{symbol}</c>. A request without one of the values is not cached.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A template is empty, or its braces are not in order.</exception>
    public CacheResponseBuilder Tags(params string[] templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        _tags.AddRange(templates.Select(CacheKeyTemplate.Parse));
        return this;
    }

    /// <summary>Adds tags that a function returns, at most 16 in all.</summary>
    /// <param name="tags">Returns the tags of a request. A request with a tag that is not a valid key is not cached.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tags"/> is null.</exception>
    public CacheResponseBuilder Tags(Func<HttpContext, IEnumerable<string>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        _tagFunctions.Add(tags);
        return this;
    }

    /// <summary>Configures how entries are filled: waits for other processes, leases, early refresh and jitter.</summary>
    /// <param name="fill">
    /// Changes the options. These have an effect: <see cref="CacheEntryOptions.MaximumFillWait"/>,
    /// <see cref="CacheEntryOptions.LeaseTime"/>, <see cref="CacheEntryOptions.MaximumLoadTime"/>,
    /// <see cref="CacheEntryOptions.EarlyRefreshFactor"/>, <see cref="CacheEntryOptions.JitterFactor"/> and
    /// <see cref="CacheEntryOptions.ErrorCoolDown"/>; for the other options, use the methods of this class.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fill"/> is null.</exception>
    public CacheResponseBuilder Fill(Func<CacheEntryOptions, CacheEntryOptions> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var wanted = fill(_options);
        _options = _options with
        {
            MaximumFillWait = wanted.MaximumFillWait,
            LeaseTime = wanted.LeaseTime,
            MaximumLoadTime = wanted.MaximumLoadTime,
            EarlyRefreshFactor = wanted.EarlyRefreshFactor,
            JitterFactor = wanted.JitterFactor,
            ErrorCoolDown = wanted.ErrorCoolDown,
        };
        return this;
    }

    /// <summary>
    /// Gives the same entries to all callers, including requests with <c>Authorization</c> and authenticated users. Use it only if the
    /// response does not depend on the caller.
    /// </summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder ForAllUsers()
    {
        _isForAllUsers = true;
        return this;
    }

    /// <summary>Keeps the entries in one Redis of several.</summary>
    /// <param name="name">
    /// The name that <c>AddRedisResilience(name, ...)</c> was given. Without this it is the one that <c>AddHttp</c> was called on.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public CacheResponseBuilder Redis(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _redis = name;
        return this;
    }

    internal CacheResponseMetadata Build() => new(
        new CacheKeyRecipe
        {
            Template = _template,
            Function = _function,
            QueryNames = [.. _queryNames],
            HeaderNames = [.. _headerNames],
            Values = [.. _values.Select(value => (value.Key, value.Value))],
            Ignored = _ignored,
            User = _user,
            IgnoresCase = _ignoresCase,
            VariesByHost = _variesByHost,
            VariesByWholeQuery = _variesByWholeQuery,
            IsShared = _isShared,
        },
        _options,
        _duration)
    {
        Statuses = _statuses,
        Tags = new EntryTags([.. _tags], [.. _tagFunctions], _ignoresCase),
        IsForAllUsers = _isForAllUsers,
        Redis = _redis,
        Headers = new StoredHeaders(_stored, _left),
        AnnouncesFreshness = _announcesFreshness,
        KeepsOnUnsafeMethods = _keepsOnUnsafeMethods,
        HearsRequest = _hearsRequest,
        TargetedFields = [.. _targeted],
    };
}
