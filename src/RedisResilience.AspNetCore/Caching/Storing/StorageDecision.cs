using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Whether others may be given an endpoint's response, and what the client is told of it.</summary>
/// <remarks>
/// Callbacks of a response run last in, first out. One that is registered before the endpoint runs notes what the endpoint said. One
/// that is registered before all middleware (<see cref="LastMoment"/>) decides what is stored, when nobody can change the response.
/// </remarks>
internal sealed class StorageDecision(
    HttpContext context, StorageTerms terms, ResponseCapture capture, HttpCacheServices services, Action<SourceResponse> answer,
    Action letOthersGo)
{
    private readonly CachedEndpoint _endpoint = terms.Lookup.Endpoint!;
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EndpointFields _fields = new(context.Response, terms.Lookup.Entry.Headers);
    private readonly ShownResponse _shown = new(context, terms.Lookup.Endpoint!, capture, services.Time);
    private DateTimeOffset _sentAt;
    private Reason? _refusal;
    private bool _isConcluded;
    private bool _isWithdrawn;

    /// <summary>The endpoint is about to run.</summary>
    public void Begin()
    {
        _sentAt = services.Time.GetUtcNow();
        _fields.Begin();
        context.Response.OnStarting(static state => ((StorageDecision)state).NoteAsync(), this);
        context.Features.Set(this);
    }

    /// <summary>The endpoint begins with its response. If what it has said by now forbids storage, those who wait are let go: nothing that
    /// is said later takes it back.</summary>
    public void LookAhead()
    {
        // An older response may take the place of a failed one, and a refresh has one: that is decided at the end.
        if (_refusal is not null || !terms.IsStoring || terms.IsRefresh || ResponseRules.IsFailure(context.Response.StatusCode))
        {
            return;
        }

        var known = KnownCallers.ReasonOf(context, _endpoint);
        _refusal = (_fields.HasCookieOfItsOwn ? Reason.SetCookie : null)
            ?? ResponseRules.RefusalOfSharing(context.Response.StatusCode, _endpoint, Freshness())
            ?? (terms.Lookup.Known is null ? known : null);
        if (_refusal is not null)
        {
            // It is learned once of a caller who is known: at the end.
            if (terms.Lookup.Known is null)
            {
                terms.Learn(_refusal, services.UncacheableKeys);
            }

            letOthersGo();
        }
    }

    /// <summary>Whether it may still turn out that the response is stored. Asked once, when the endpoint has returned.</summary>
    /// <param name="isAborted">Whether the endpoint was told to stop: what it has written may not be all.</param>
    public bool IsPossible(bool isAborted)
    {
        _refusal ??= capture.PassedThrough
            ?? (isAborted ? Reason.Aborted : null)
            ?? ResponseRules.RefusalOfStatus(context.Response.StatusCode, _endpoint, Freshness())
            ?? ResponseRules.RefusalOfBody(context.Response, _endpoint, capture.Body.Length);
        _shown.ReadCoding();
        if (_shown.IsCodedOtherwise)
        {
            _fields.Add("Content-Encoding", context.Response.Headers.ContentEncoding);
        }

        return _refusal is null;
    }

    /// <summary>
    /// The response has not started: it has no body, or middleware further out buffers the body. That middleware may still change it, so it
    /// is decided when it starts. A response that never starts is not stored.
    /// </summary>
    public void LeaveOpen()
    {
        _fields.LeaveOpen();
        _shown.LeaveOpen();
        context.Response.OnCompleted(() =>
        {
            Withdraw();
            capture.Dispose();
            return Task.CompletedTask;
        });
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
            _fields.Note();
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
        if (!_isWithdrawn)
        {
            _fields.Note();
        }

        return services.Pipeline.HasLastMoment ? Task.CompletedTask : AnnounceAsync();
    }

    private SourceResponse Decide()
    {
        var status = _shown.Status;
        var freshness = Freshness();
        _refusal ??= capture.PassedThrough ?? (capture.IsWhole ? null : Reason.Incomplete) ?? (IsCookieOurs() ? null : Reason.SetCookie)
            ?? (_shown.HasOtherStatus ? Reason.OfStatus(context.Response.StatusCode) : null)
            ?? ResponseRules.RefusalOfSharing(status, _endpoint, freshness);
        var known = KnownCallers.ReasonOf(context, _endpoint);
        var isPublic = known is not null && terms.Lookup.Known is not null && KnownCallers.IsPublic(_fields.Find, _endpoint);
        _refusal ??= isPublic ? null : known;
        var variants = new List<string>();
        _refusal ??= Variant.TryFind(context.Response, _endpoint, _fields.Vary, _shown.IsCodedOtherwise, variants) ? null : Reason.Vary;
        var annotation = ReadOnlyMemory<byte>.Empty;
        _refusal ??= HttpAnnotation.TryWrite(status, [
            .. Variant.Marks(context.Request, variants, terms.Lookup.Parent), .. KnownCallers.Mark(isPublic), .. _fields.Stored],
            out annotation) ? null : Reason.Header;
        terms.Learn(_refusal, services.UncacheableKeys);
        if (_refusal is not null)
        {
            return SourceResponse.NotShared;
        }

        var source = new SourceResponse(capture.Body, terms.IsStoring ? capture.Share() : null)
        {
            ContentEncoding = _shown.Coding,
            Annotation = annotation,
        };
        source = Lifetimes.Give(source, status, _fields.All, freshness, terms.Lookup);
        if (!terms.IsStoring)
        {
            services.UncacheableKeys.Remove(terms.Lookup.Key!);
            _refusal = Reason.Alone;
        }

        _shown.Present(source, freshness);
        return terms.IsStoring ? source : SourceResponse.NotShared;
    }

    private ResponseFreshness Freshness() =>
        ResponseFreshness.Read(context.Response, _endpoint.Entry.TargetedFields, _sentAt, services.Time.GetUtcNow());

    // No cookie is given to others but those that the endpoint has set for everybody.
    private bool IsCookieOurs() =>
        context.Response.Headers.SetCookie == _fields.Find(StoredHeaders.SetCookie);
}
