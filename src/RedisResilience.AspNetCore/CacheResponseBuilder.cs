using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Keys;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;

namespace RedisResilience.AspNetCore;

/// <summary>Says how the responses of an endpoint or a group are cached. Used once, when the endpoints are mapped.</summary>
/// <remarks>
/// What the endpoint's own response says comes first: its <c>Cache-Control</c> (RFC 9111 and RFC 5861) may forbid storing, and <c>s-maxage</c>, <c>max-age</c>,
/// <c>stale-while-revalidate</c> and <c>stale-if-error</c> replace the times that are given here.
/// </remarks>
public sealed class CacheResponseBuilder
{
    private readonly SortedSet<string> _queryNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _headerNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _storedHeaders = new(StoredHeaders.Default, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, TimeSpan> _statuses = [];
    private readonly List<CacheKeyTemplate> _tags = [];
    private CacheKeyTemplate? _template;
    private Func<HttpContext, string?>? _function;
    private Func<HttpContext, string?>? _user;
    private TimeSpan? _duration;
    private TimeSpan? _staleWhileRevalidate;
    private TimeSpan? _staleIfError;
    private bool _ignoresCase;
    private bool _isForAllUsers;
    private bool _announcesFreshness;

    internal CacheResponseBuilder()
    {
    }

    /// <summary>Makes keys from a template. Without one, a key is the endpoint's route pattern and the values of its parameters.</summary>
    /// <param name="template">
    /// Such as <c>predictions:v1:{symbol}</c>, whose placeholders are route values. In the values <c>%</c>, <c>:</c>, <c>{</c>, <c>}</c> and <c>&amp;</c> are
    /// percent-encoded. A request without one of the values is not cached. Endpoints that share a template share their entries.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The template is empty, or its braces are not in order.</exception>
    public CacheResponseBuilder Key(string template)
    {
        _template = CacheKeyTemplate.Parse(template);
        _function = null;
        return this;
    }

    /// <summary>Makes keys by a function.</summary>
    /// <param name="key">Names a request's entry. Null, and a key that is not clean text (<see cref="RedisKeyLimits"/>): the request is not cached.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public CacheResponseBuilder Key(Func<HttpContext, string?> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _function = key;
        return this;
    }

    /// <summary>Keeps an entry for each value of these parameters of the query, in whichever order a request has them. All others make no difference.</summary>
    /// <param name="names">The parameters; case does not count.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is empty or not clean text.</exception>
    public CacheResponseBuilder VaryByQuery(params string[] names)
    {
        Names.AddTo(_queryNames, names);
        return this;
    }

    /// <summary>Keeps an entry for each value of these fields of the request, and says so in <c>Vary</c>. A response that varies by others is not stored.</summary>
    /// <param name="names">The fields, such as <c>Accept-Language</c>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is not a field's name; or is <c>Authorization</c> or <c>Cookie</c>, whose values are secrets and no part of a key.</exception>
    public CacheResponseBuilder VaryByHeader(params string[] names)
    {
        Names.AddFieldsTo(_headerNames, names, forbidden: StoredHeaders.Secret);
        return this;
    }

    /// <summary>Has values that differ only in case share an entry.</summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder IgnoreCase()
    {
        _ignoresCase = true;
        return this;
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

    /// <summary>For how long after that it may be served while one request asks the endpoint for a new one.</summary>
    /// <inheritdoc cref="Duration"/>
    public CacheResponseBuilder StaleWhileRevalidate(TimeSpan time)
    {
        _staleWhileRevalidate = EntryLifetime.Valid(time, nameof(time));
        return this;
    }

    /// <summary>For how long after that it may be served in place of an error: an exception, or the status 500, 502, 503 or 504.</summary>
    /// <inheritdoc cref="Duration"/>
    public CacheResponseBuilder StaleIfError(TimeSpan time)
    {
        _staleIfError = EntryLifetime.Valid(time, nameof(time));
        return this;
    }

    /// <summary>Also keeps responses of another status than 200, such as 404, for a time of their own.</summary>
    /// <param name="statusCode">A final status other than 200, 206 and 304.</param>
    /// <param name="time">From 1 ms to 365 days.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public CacheResponseBuilder Status(int statusCode, TimeSpan time)
    {
        if (statusCode is < 200 or > 599 or StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "200 is always kept; 206, 304 and what is no final status never are.");
        }

        _statuses[statusCode] = EntryLifetime.Valid(time, nameof(time));
        return this;
    }

    /// <summary>Gives entries tags, by which <see cref="RedisResilience.Caching.IResponseCache"/> removes many at once.</summary>
    /// <param name="templates">Tags, whose placeholders are route values: <c>symbol:{symbol}</c>. A request without one of the values is not cached.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A template is empty, or its braces are not in order.</exception>
    public CacheResponseBuilder Tags(params string[] templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        _tags.AddRange(templates.Select(CacheKeyTemplate.Parse));
        return this;
    }

    /// <summary>Keeps an entry for each authenticated user, and <c>private</c> responses too. Requests without a user are not cached.</summary>
    /// <param name="user">Names the user; only a hash of the name becomes part of the key. Null: the claim of the name identifier, else the identity's name.</param>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder PerUser(Func<HttpContext, string?>? user = null)
    {
        _user = user ?? CallerIdentity.NameOf;
        return this;
    }

    /// <summary>Gives the same entries to everybody, also to requests with <c>Authorization</c> and to authenticated users: the response must not depend on who asks.</summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder ForAllUsers()
    {
        _isForAllUsers = true;
        return this;
    }

    /// <summary>Stores these fields of the response too. By default those are stored that describe the body; fields of the connection and of one request never are.</summary>
    /// <param name="names">The fields.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">A name is not a field's name, or one that is never stored, such as <c>Set-Cookie</c> or <c>Date</c>.</exception>
    public CacheResponseBuilder StoreHeader(params string[] names)
    {
        Names.AddFieldsTo(_storedHeaders, names, forbidden: StoredHeaders.Never);
        return this;
    }

    /// <summary>
    /// Tells clients and proxies for how long they may keep the response (<c>Cache-Control</c> with <c>max-age</c> and the stale windows), where the endpoint does not
    /// do so itself. What they keep, an invalidation does not reach.
    /// </summary>
    /// <returns>This builder.</returns>
    public CacheResponseBuilder AnnounceFreshness()
    {
        _announcesFreshness = true;
        return this;
    }

    internal CacheResponseMetadata Build() => new(
        new CacheKeyRecipe
        {
            Template = _template,
            Function = _function,
            QueryNames = [.. _queryNames],
            HeaderNames = [.. _headerNames],
            User = _user,
            IgnoresCase = _ignoresCase,
        },
        _duration)
    {
        StaleWhileRevalidate = _staleWhileRevalidate,
        StaleIfError = _staleIfError,
        Statuses = _statuses,
        Tags = new EntryTags([.. _tags]),
        IsForAllUsers = _isForAllUsers,
        StoredHeaders = [.. _storedHeaders.Order(StringComparer.OrdinalIgnoreCase)],
        AnnouncesFreshness = _announcesFreshness,
    };
}
