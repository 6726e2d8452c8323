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
    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are "
        + "disposed", Justification = "Both are awaited here.")]
    public async ValueTask<SourceResponse> StoreAsync(
        OriginLoad load, HttpResponseMessage response, HttpCacheOrigin origin, (
            DateTimeOffset SentAt, DateTimeOffset ReceivedAt) times, CancellationToken cancellationToken)
    {
        var judged = Storing.Storing.Judge(call, (int)response.StatusCode, response.Lines, times.SentAt, times.ReceivedAt);
        var vary = VaryField.Parse(response.Lines("Vary")).Names;
        var isRedirected = sent.RequestUri != call.Request.RequestUri;
        if ((judged.Refusal ?? (isRedirected ? "redirected" : IsMisplaced(vary) ? "vary-changed" : null)) is { } refusal)
        {
            await origin.GiveUpAsync(call, found.Key, refusal).ConfigureAwait(false);
            response.RequestMessage = isRedirected ? sent : call.Request;
            load.PassBy(response, refusal);
            return SourceResponse.NotShared;
        }

        response.RequestMessage = call.Request;
        var fields = Composition.Keep(response, judged.Withheld(call.Options.IsPrivate), times.ReceivedAt);
        var expected = response.Content.Headers.ContentLength;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var body = await CaptureAsync(load, response, expected, reading).ConfigureAwait(false);
        return body is not null && Composition.ToSource(
            Make(response, fields, vary, judged, body.Value, origin.Now), call.Options) is { } source ? source : SourceResponse.NotShared;
    }

    // Beside a first response stand only those that vary by the same fields: by others, all begin anew.
    private bool IsMisplaced(IReadOnlyList<string> vary) => found.Key != call.Key && !vary.SequenceEqual(found.Names);

    private async Task<ReadOnlyMemory<byte>?> CaptureAsync(
        OriginLoad load, HttpResponseMessage response, long? expected, CancellationTokenSource reading)
    {
        var captured = new CapturedBody(
            await response.Content.ReadAsStreamAsync(reading.Token).ConfigureAwait(false), call.Options.MaximumBodySize);
        var isOver = false;
        response.Content = new CapturedContent(response.Content, captured, () =>
        {
            if (!Volatile.Read(ref isOver))
            {
                reading.Cancel();
            }
        });
        var isPassedOn = load.PassOn(response, Serving.CacheStatus.Stored(found.Response is not null, (int)response.StatusCode));
        var body = await captured.CompleteAsync(expected, reading.Token).ConfigureAwait(false);
        Volatile.Write(ref isOver, true);
        if (!isPassedOn)
        {
            response.Dispose();
        }

        return body;
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
