using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>Reads what the API says about its own limits, and shares it with all processes. It can only make a limit narrower.</summary>
internal sealed class UpstreamHearing(HttpLimit limit, IUpstreamQuota upstream, TimeProvider timeProvider)
{
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    /// <summary>Hears a response. When this has ended, the other nodes know of a pause.</summary>
    /// <param name="key">Whose request it answers.</param>
    /// <param name="response">The response.</param>
    /// <param name="turn">The decision of the request's own limit. Only a lower number is shared.</param>
    public async ValueTask HearAsync(string key, HttpResponseMessage response, RateLimitDecision turn)
    {
        var now = timeProvider.GetUtcNow();
        if ((int)response.StatusCode is TooManyRequests or ServiceUnavailable
            && RetryAfterField.Read(response, now) is { } pause
            && pause > TimeSpan.Zero)
        {
            await TellAsync(key, new UpstreamWord(0, pause)).ConfigureAwait(false);
            return;
        }

        var word = RateLimitField.Read(response);
        foreach (var fields in limit.Options.QuotaFields)
        {
            word ??= OwnQuotaFields.Read(response, fields, now);
        }

        if (word is { } said && said.LastsFor > TimeSpan.Zero && said.Remaining < turn.Remaining + turn.Granted)
        {
            await TellAsync(key, said).ConfigureAwait(false);
        }
    }

    private async ValueTask TellAsync(string key, UpstreamWord word) =>
        await upstream.AnnounceAsync(limit.UpstreamKey(key), word.Remaining, word.LastsFor, CancellationToken.None).ConfigureAwait(false);
}
