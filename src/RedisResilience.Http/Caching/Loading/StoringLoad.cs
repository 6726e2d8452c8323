using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>A response that has come, on its way to whoever asked and to the cache.</summary>
internal sealed class StoringLoad(CacheCall call, FoundResponse found, HttpRequestMessage sent)
{
    /// <summary>Passes a response on, and keeps it if it may be kept and turns out whole.</summary>
    /// <param name="load">Whose it is.</param>
    /// <param name="response">What came.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="times">When it was asked for, and when it came.</param>
    /// <param name="cancellationToken">Breaks the body off.</param>
    /// <returns>What is stored; null when the body has broken off before anybody has seen it.</returns>
    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are "
        + "disposed", Justification = "Both are awaited here.")]
    public async ValueTask<SourceResponse?> StoreAsync(
        OriginLoad load, HttpResponseMessage response, HttpCacheOrigin origin, (
            DateTimeOffset SentAt, DateTimeOffset ReceivedAt) times, CancellationToken cancellationToken)
    {
        var judged = Storing.Storing.Judge(call, (int)response.StatusCode, response.Lines, times.SentAt, times.ReceivedAt);
        var vary = VaryField.Parse(response.Lines("Vary")).Names;
        var isRedirected = sent.RequestUri != call.Request.RequestUri;
        if ((judged.Refusal ?? (isRedirected ? "redirected" : IsMisplaced(vary) ? "vary-changed" : null)) is { } refusal)
        {
            await origin.GiveUpAsync(call, found, (int)response.StatusCode, refusal).ConfigureAwait(false);
            response.RequestMessage = isRedirected ? sent : call.Request;
            load.PassBy(response, refusal);
            return SourceResponse.NotShared;
        }

        response.RequestMessage = call.Request;
        var fields = Composition.Keep(response, judged.Withheld(call.Options.IsPrivate), times.ReceivedAt);

        var (state, body) = await CaptureAsync(load, response, origin, cancellationToken).ConfigureAwait(false);
        return state == CaptureState.Unseen ? null
            : state == CaptureState.Complete && Composition.ToSource(
                Make(response, fields, vary, judged, body, origin.Now), call.Options) is { } source ? source
            : SourceResponse.NotShared;
    }

    // Beside a first response stand only those that vary by the same fields: by others, all begin anew.
    private bool IsMisplaced(IReadOnlyList<string> vary) => found.Key != call.Key && !vary.SequenceEqual(found.Names);

    private async Task<(CaptureState State, ReadOnlyMemory<byte> Body)> CaptureAsync(
        OriginLoad load, HttpResponseMessage response, HttpCacheOrigin origin, CancellationToken cancellationToken)
    {
        // It is not disposed: the reader may leave at the moment in which this ends.
        var reading = new CancellationTokenSource();
        using var ending = cancellationToken.UnsafeRegister(static reading => ((CancellationTokenSource)reading!).Cancel(), reading);
        var expected = response.Content.Headers.ContentLength;
        var body = new CapturedBody(
            await response.Content.ReadAsStreamAsync(reading.Token).ConfigureAwait(false), expected, call.Options.MaximumBodySize);
        response.Content = new CapturedContent(response.Content, body, reading.Cancel);
        var completing = body.CompleteAsync(reading.Token);
        if (load.IsSpare)
        {
            // What breaks off is a failure like others, for as long as nobody has seen its beginning.
            await origin.WaitAsync(completing, call.Options.StaleAfter).ConfigureAwait(false);
            if (completing.IsCompleted && await completing.ConfigureAwait(false) == CaptureState.Failed)
            {
                response.Dispose();
                return (CaptureState.Unseen, default);
            }
        }

        var isPassedOn = load.PassOn(response, found.IsUnavailable ? Serving.CacheStatus.Unavailable
            : Serving.CacheStatus.Stored(found.Response is not null, (int)response.StatusCode));
        if (isPassedOn)
        {
            // From here on the body is its reader's, and ends with nobody else's patience.
            await ending.DisposeAsync().ConfigureAwait(false);
        }

        var state = await completing.ConfigureAwait(false);
        if (!isPassedOn)
        {
            response.Dispose();
        }

        return (state, state == CaptureState.Complete ? body.Whole : default);
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
