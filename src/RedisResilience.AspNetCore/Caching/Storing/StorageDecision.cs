using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Whether others may be given an endpoint's response, and what the client is told of it.</summary>
/// <remarks>
/// Callbacks of a response run last in, first out. What the endpoint said is noted by one that is registered before the endpoint runs; what
/// is stored is decided by one that is
/// registered before all middleware (<see cref="LastMoment"/>), when nobody can change the response any more.
/// </remarks>
internal sealed class StorageDecision(
    HttpContext context, StorageTerms terms, ResponseCapture capture, HttpCacheServices services, Action<SourceResponse> answer)
{
    private readonly CachedEndpoint _endpoint = terms.Lookup.Endpoint!;
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, StringValues> _before = [];
    private List<KeyValuePair<string, StringValues>>? _fields;
    private IReadOnlyList<string> _ownVary = [];
    private ContentEncoding _coding;
    private bool _isCodedOtherwise;
    private DateTimeOffset _sentAt;
    private Reason? _refusal;
    private bool _isConcluded;
    private bool _isWithdrawn;

    /// <summary>The endpoint is about to run.</summary>
    public void Begin()
    {
        _sentAt = services.Time.GetUtcNow();
        _before = context.Response.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        context.Response.OnStarting(static state => ((StorageDecision)state).NoteAsync(), this);
        context.Features.Set(this);
    }

    /// <summary>Whether it may still turn out that the response is stored. Asked once, when the endpoint has returned.</summary>
    /// <param name="isAborted">Whether the endpoint was told to stop: what it has written may not be all.</param>
    public bool IsPossible(bool isAborted)
    {
        _refusal ??= capture.PassedThrough
            ?? (isAborted ? Reason.Aborted : null)
            ?? ResponseRules.RefusalOfStatus(context.Response.StatusCode, _endpoint, ResponseFreshness.Read(
                context.Response, _endpoint.Entry.TargetedFields, _sentAt, services.Time.GetUtcNow()))
            ?? ResponseRules.RefusalOfBody(context.Response, _endpoint, capture.Body.Length);
        _coding = StoredBody.CodingOf(context.Response.Headers.ContentEncoding);
        _isCodedOtherwise = _coding == ContentEncoding.Identity && context.Response.Headers.ContentEncoding.Count > 0;
        if (_isCodedOtherwise)
        {
            Note();
            _fields!.Add(new("Content-Encoding", context.Response.Headers.ContentEncoding));
        }

        return _refusal is null;
    }

    /// <summary>The response is not stored, whatever it says.</summary>
    public void Refuse(Reason reason) => _refusal ??= reason;

    /// <summary>Nothing more is said: the response is another's.</summary>
    public void Withdraw()
    {
        _isWithdrawn = true;
        _refusal ??= Reason.NotShared;
        Conclude();
    }

    /// <summary>The cache has done its part.</summary>
    public void Tell(bool isStored) => _stored.TrySetResult(isStored);

    /// <summary>Decides, once, and gives the cache its answer.</summary>
    public void Conclude()
    {
        if (_isConcluded)
        {
            return;
        }

        _isConcluded = true;
        var source = SourceResponse.NotShared;
        if (!_isWithdrawn)
        {
            Note();
            source = Decide();
        }

        answer(source);
    }

    /// <summary>The response starts, and nobody further out has anything left to say.</summary>
    public async Task AnnounceAsync()
    {
        Conclude();
        if (_isWithdrawn)
        {
            return;
        }

        var value = _refusal is { } reason ? terms.Describe(reason)
            : !await _stored.Task.ConfigureAwait(false) ? terms.Describe(Reason.NotStored)
            : terms.IsRefresh ? CacheStatus.Refreshed
            : CacheStatus.Stored;
        CacheStatus.Announce(context.Response, services, value);
    }

    private Task NoteAsync()
    {
        Note();
        return services.Pipeline.HasLastMoment ? Task.CompletedTask : AnnounceAsync();
    }

    // What the endpoint and those inside of the cache have set. Those further out set theirs again on a hit.
    private void Note()
    {
        if (_fields is null && !_isWithdrawn)
        {
            var control = CacheControl.Parse(context.Response.Headers.CacheControl.AsEnumerable());
            _fields = _endpoint.Entry.Headers.Select(context.Response, _before, control);
            _ownVary = _fields.Exists(field => field.Key.Equals("Vary", StringComparison.OrdinalIgnoreCase))
                ? VaryField.Parse(context.Response.Headers.Vary).Names
                : [];
        }
    }

    private SourceResponse Decide()
    {
        var freshness = ResponseFreshness.Read(context.Response, _endpoint.Entry.TargetedFields, _sentAt, services.Time.GetUtcNow());
        _refusal ??= capture.PassedThrough ?? (capture.IsWhole ? null : Reason.Incomplete) ?? (IsCookieOurs() ? null : Reason.SetCookie)
            ?? ResponseRules.RefusalOfSharing(context, _endpoint, freshness);
        var variants = new List<string>();
        _refusal ??= Variant.TryFind(context.Response, _endpoint, _ownVary, _isCodedOtherwise, variants) ? null : Reason.Vary;
        var annotation = ReadOnlyMemory<byte>.Empty;
        _refusal ??= HttpAnnotation.TryWrite(context.Response.StatusCode, [
            .. Variant.Marks(context.Request, variants, terms.Lookup.Parent), .. _fields!], out annotation) ? null : Reason.Header;
        if (_refusal is not null)
        {
            if (_refusal.Lasts)
            {
                services.UncacheableKeys.Add(terms.Lookup.Key!);
            }

            return SourceResponse.NotShared;
        }

        var source = new SourceResponse(capture.Body, terms.IsStoring ? capture.Share() : null)
        {
            ContentEncoding = _coding,
            Annotation = annotation,
        };
        source = Lifetimes.Give(source, context.Response, freshness, terms.Lookup);
        if (!terms.IsStoring)
        {
            services.UncacheableKeys.Remove(terms.Lookup.Key!);
            _refusal = Reason.Alone;
        }

        Present(source, freshness);
        return terms.IsStoring ? source : SourceResponse.NotShared;
    }

    // No cookie is given to others but those that the endpoint has set for everybody.
    private bool IsCookieOurs() =>
        context.Response.Headers.SetCookie == _fields!.Find(field => StoredHeaders.IsCookie(field.Key)).Value;

    /// <summary>Gives the response the fields that a hit will have, and makes it a 304 where the client has it already.</summary>
    private void Present(in SourceResponse source, in ResponseFreshness freshness)
    {
        var response = context.Response;
        var headers = response.Headers;
        ResponseFields.Write(response, _endpoint, source.TimeToLive!.Value, freshness.IsExplicit);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            return;
        }

        // Somebody further out codes the body: what the client gets is another representation, which only the weak tag is true for.
        var isCodedHere = _coding != ContentEncoding.Identity;
        var isCodedOutside = headers.ContentEncoding.Count > (isCodedHere || _isCodedOtherwise ? 1 : 0);
        var tag = source.ETag ?? EntityTag.Of(capture.Body.Span);
        tag = isCodedHere ? EntityTag.OfCoded(tag, headers.ContentEncoding[0]!) : tag;
        headers.ETag = isCodedOutside ? EntityTag.Weak(tag) : tag;
        if (!isCodedOutside)
        {
            response.ContentLength = capture.Body.Length;
        }

        Conditions.Apply(context, tag, services.Time.GetUtcNow());
    }
}
