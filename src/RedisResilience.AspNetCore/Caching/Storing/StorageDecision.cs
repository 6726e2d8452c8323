using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Whether others may be given an endpoint's response, and what the client is told of it.</summary>
internal sealed class StorageDecision(HttpContext context, CacheLookup lookup, ResponseCapture capture, TimeProvider time, IRedisStatus status, StorageTerms terms)
{
    private readonly CacheResponseMetadata _entry = lookup.Entry!;
    private string? _refusal;
    private bool _isMade;
    private bool _isWithdrawn;
    private SourceResponse _response = SourceResponse.NotShared;

    /// <summary>Whether it may still turn out that the response is stored. Asked once, when the endpoint has returned.</summary>
    /// <param name="isAborted">Whether the endpoint was told to stop: what it has written may not be all.</param>
    public bool IsPossible(bool isAborted)
    {
        _refusal = capture.PassedThrough
            ?? (isAborted ? "aborted" : null)
            ?? (StorageRules.IsStored(context.Response.StatusCode, _entry) ? null : "status")
            ?? StorageRules.RefusalOfBody(context.Response, _entry, capture.Body.Length);
        return _refusal is null;
    }

    /// <summary>What the cache is given; <see cref="SourceResponse.NotShared"/> when nothing may be stored.</summary>
    public SourceResponse ToSource()
    {
        Make();
        return _response;
    }

    /// <summary>Nothing more is said: the response is another's.</summary>
    public void Withdraw() => _isWithdrawn = true;

    /// <summary>Says in the header fields what becomes of the response, as it starts.</summary>
    public Task AnnounceAsync()
    {
        // Neither: the endpoint has failed or said nothing, and somebody else answers for it.
        if (!_isWithdrawn && (capture.IsWhole || capture.PassedThrough is not null))
        {
            _refusal ??= capture.PassedThrough;
            Make();
            var value = _refusal is not null ? CacheStatus.NotStored(_refusal, terms.IsRefresh) : terms.IsRefresh ? CacheStatus.Refreshed : CacheStatus.Stored;
            CacheStatus.Announce(context.Response, status.Current.Availability, value);
        }

        return Task.CompletedTask;
    }

    private void Make()
    {
        if (_isMade)
        {
            return;
        }

        _isMade = true;
        var directives = ResponseDirectives.Read(context.Response.Headers, time.GetUtcNow());
        var annotation = ReadOnlyMemory<byte>.Empty;
        _refusal ??= StorageRules.RefusalOfSharing(context, _entry, directives)
            ?? (HttpAnnotation.TryWrite(context.Response, _entry.StoredHeaders, out annotation) ? null : "header");
        if (_refusal is not null)
        {
            terms.Remember(_refusal);
            return;
        }

        _refusal = terms.IsStoring ? null : "pass";
        terms.Forget();
        if (_refusal is null)
        {
            _response = Describe(directives, annotation);
        }

        Present();
    }

    private SourceResponse Describe(in ResponseDirectives directives, ReadOnlyMemory<byte> annotation)
    {
        var response = context.Response;
        var isNegative = response.StatusCode != StatusCodes.Status200OK;
        TimeSpan? noStale = isNegative || directives.ForbidsStale ? TimeSpan.Zero : null;
        return new SourceResponse(capture.Body, capture.Share())
        {
            TimeToLive = EntryLifetime.Limit(directives.FreshFor ?? (isNegative ? _entry.Statuses[response.StatusCode] : lookup.TimeToLive)),
            StaleWhileRevalidate = directives.StaleWhileRevalidate ?? noStale,
            StaleIfError = directives.StaleIfError ?? noStale,
            ContentType = StorageRules.IsPlainJson(response.ContentType) ? null : response.ContentType,
            ETag = response.Headers.ETag.Count > 0 ? response.Headers.ETag.ToString() : null,
            Annotation = annotation,
        };
    }

    /// <summary>Gives the response the fields that a hit will have, and makes it a 304 where the client has it already.</summary>
    private void Present()
    {
        var response = context.Response;
        var headers = response.Headers;
        ResponseFields.Write(response, _entry, lookup.TimeToLive);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            return;
        }

        // Somebody further out codes the body: what the client gets is another representation, which only the weak tag is true for.
        var isCoded = headers.ContentEncoding.Count > 0;
        var tag = headers.ETag.Count > 0 ? headers.ETag.ToString() : EntityTag.Of(capture.Body.Span);
        headers.ETag = isCoded ? EntityTag.Weak(tag) : tag;
        if (!isCoded)
        {
            response.ContentLength = capture.Body.Length;
        }

        if (EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentLength = null;
            response.ContentType = null;
        }
    }
}
