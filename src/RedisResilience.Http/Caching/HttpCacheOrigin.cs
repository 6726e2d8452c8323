using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Storing;

namespace RedisResilience.Http.Caching;

/// <summary>Sends requests to the origin.</summary>
internal sealed class HttpCacheOrigin(
    IResponseCache cache, TimeProvider timeProvider, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
{
    /// <summary>Keys whose last response was not stored. Requests for them do not wait for each other.</summary>
    public PassingKeys Passing { get; } = new(timeProvider);

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    /// <summary>Sends a request and waits for the response's fields.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">How long to wait at most. Null without a limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The origin has not answered within <paramref name="patience"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan? patience, CancellationToken cancellationToken) =>
        patience is { } most ? SendWithinAsync(request, most, cancellationToken) : send(request, cancellationToken);

    /// <summary>Looks whether a response that was for one request only could have been stored. If so, the next one is stored.</summary>
    public void Look(CacheCall call, string key, HttpResponseMessage response, DateTimeOffset sentAt)
    {
        if (Passing.Contains(key)
            && Storing.Storing.MayBeStored(call, (int)response.StatusCode, response.Lines, sentAt, Now))
        {
            Passing.Remove(key);
        }
    }

    /// <summary>Waits for a body for a while, if there is a stale response to serve instead.</summary>
    public async Task WaitAsync(Task body, TimeSpan patience) =>
        await body.WaitAsync(patience, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Notes that a response is not stored. If it varies by other fields than the stored variants, these are removed.</summary>
    public async ValueTask GiveUpAsync(CacheCall call, FoundResponse found, int status, string why)
    {
        if (StorageRules.SaysSoOfTheNext(status))
        {
            Passing.Add(found.Key, isEmpty: found is { Response: null, IsHeld: false, IsUnavailable: false });
        }

        if (why == "vary-changed")
        {
            await cache.RemoveAsync(call.Key).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendWithinAsync(
        HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await send(request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The other side has not answered within {patience}.");
        }
    }
}
