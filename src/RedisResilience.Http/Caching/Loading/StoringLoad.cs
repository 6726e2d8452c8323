using System.Security.Cryptography;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Serving;
using RedisResilience.Http.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Passes a response on to its caller, and to the cache.</summary>
internal sealed class StoringLoad(CacheCall call, FoundResponse found, HttpRequestMessage sent)
{
    private static readonly TimeSpan ReadsOnFor = TimeSpan.FromSeconds(5);

    /// <summary>Passes a response on, and stores it if that is allowed and the body turns out to be complete.</summary>
    /// <param name="load">The load that has asked.</param>
    /// <param name="response">The response.</param>
    /// <param name="origin">The origin.</param>
    /// <param name="times">When the request was sent, and when the response came.</param>
    /// <param name="cancellationToken">Breaks the body off.</param>
    /// <returns>The response to store, which the waiting callers get, too.</returns>
    /// <exception cref="OriginFailedException">The body has broken off before a caller has seen it.</exception>
    public async ValueTask<SourceResponse> StoreAsync(
        OriginLoad load, HttpResponseMessage response, HttpCacheOrigin origin, (
            DateTimeOffset SentAt, DateTimeOffset ReceivedAt) times, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var judged = Storing.Storing.Judge(call, status, response.Lines, times.SentAt, times.ReceivedAt);
        var vary = VaryField.Parse(response.Lines("Vary")).Names;
        var isRedirected = sent.RequestUri != call.Request.RequestUri;
        var misplaced = isRedirected ? "redirected" : IsMisplaced(vary) ? "vary-changed" : null;
        var refusal = judged.Refusal ?? misplaced;
        // A failure is not stored, but the waiting callers get it, so that they do not all ask an origin that is in trouble.
        var isSharedFailure = StatusRules.IsFailure(status) && !judged.IsForbidden && misplaced is null;
        if (refusal is not null && !isSharedFailure)
        {
            await origin.GiveUpAsync(call, found, status, refusal).ConfigureAwait(false);
            response.RequestMessage = isRedirected ? sent : call.Request;
            load.PassBy(response, refusal);
            return SourceResponse.NotShared;
        }

        response.RequestMessage = call.Request;
        var fields = Composition.Keep(response, judged.Withheld(call.Options.IsPrivate), times.ReceivedAt);
        var body = await CaptureAsync(load, response, origin, refusal, cancellationToken).ConfigureAwait(false);
        return body is not { } whole || Composition.ToSource(
                Make(response, fields, vary, judged, whole, origin.Now), call.Options) is not { } source ? SourceResponse.NotShared
            : refusal is null ? source
            : source with { TimeToLive = TimeSpan.Zero };
    }

    // All variants of a URI vary by the same fields. A response that varies by others starts a new set.
    private bool IsMisplaced(IReadOnlyList<string> vary) => found.Key != call.Key && !vary.SequenceEqual(found.Names);

    // The complete body. Null when it is too large, when it has broken off, and when no caller has read it to its end.
    private async ValueTask<ReadOnlyMemory<byte>?> CaptureAsync(
        OriginLoad load, HttpResponseMessage response, HttpCacheOrigin origin, string? refusal, CancellationToken cancellationToken)
    {
        var hasLength = response.Content.Headers.ContentLength is not null;
        var capture = await BodyCapture.BeginAsync(response, call.Options, origin, ReadsOnFor, cancellationToken).ConfigureAwait(false);
        // A body that breaks off is a failure like others, as long as no caller has seen its beginning.
        if (load.MayServeStale && await capture.BreaksOffAsync(call.Options.StaleAfter).ConfigureAwait(false))
        {
            response.Dispose();
            throw new OriginFailedException("The other side's answer has broken off.");
        }

        var willBeWhole = hasLength || capture.Completion is { IsCompletedSuccessfully: true, Result: CaptureState.Complete };
        var isPassedOn = load.PassOn(response, CacheStatusOf((int)response.StatusCode, refusal, willBeWhole));
        if (isPassedOn)
        {
            capture.HandOver();
        }

        var state = await capture.Completion.ConfigureAwait(false);
        if (!isPassedOn)
        {
            response.Dispose();
        }

        if (state == CaptureState.TooLarge)
        {
            await origin.GiveUpAsync(call, found, (int)response.StatusCode, "too-large").ConfigureAwait(false);
        }

        return state == CaptureState.Complete ? (ReadOnlyMemory<byte>?)capture.Whole : null;
    }

    private string CacheStatusOf(int status, string? refusal, bool willBeWhole)
    {
        var isStale = found.Response is not null;
        return found.IsUnavailable ? CacheStatus.Unavailable
            : refusal is not null ? CacheStatus.NotStored(isStale, refusal)
            : willBeWhole ? CacheStatus.Stored(isStale, status)
            : CacheStatus.Streaming(isStale, status);
    }

    private StoredResponse Make(
        HttpResponseMessage response, IReadOnlyList<FieldLine> fields, IReadOnlyList<string> vary, Storing.Storing judged,
        ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var lineage = found.Lineage != 0 ? found.Lineage : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        return new StoredResponse
        {
            Status = (int)response.StatusCode,
            ReasonPhrase = response.ReasonPhrase,
            Fields = fields,
            Body = body,
            Policy = judged.Policy(call.Options.IsPrivate, now),
            VaryNames = vary,
            Selecting = call.Selecting(vary),
            Lineage = lineage,
            StoredAt = now,
        };
    }
}
