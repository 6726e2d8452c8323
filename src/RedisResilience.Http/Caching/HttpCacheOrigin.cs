using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Storing;

namespace RedisResilience.Http.Caching;

/// <summary>The other side, as the cache asks it.</summary>
internal sealed class HttpCacheOrigin(
    IResponseCache cache, TimeProvider timeProvider, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
{
    /// <summary>Keys whose responses were not to be stored a moment ago: nobody waits for such a one in vain.</summary>
    public PassingKeys Passing { get; } = new(timeProvider);

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    /// <summary>Sends a request and waits for the response's fields.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">How long at most; null: as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It has taken longer.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan? patience, CancellationToken cancellationToken) =>
        patience is { } most ? SendWithinAsync(request, most, cancellationToken) : send(request, cancellationToken);

    /// <summary>Looks whether a response that came for one request alone might have been stored: the next one is, then.</summary>
    public void Look(CacheCall call, string key, HttpResponseMessage response, DateTimeOffset sentAt)
    {
        if (Passing.Contains(key)
            && Storing.Storing.MayBeStored(call, (int)response.StatusCode, response.Lines, sentAt, Now))
        {
            Passing.Remove(key);
        }
    }

    /// <summary>Waits for a body for as long as for a response, where there is a stale one to serve instead.</summary>
    public async Task WaitAsync(Task body, TimeSpan patience) =>
        await body.WaitAsync(patience, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Notes that a response is not stored. One that is out of its place takes the first one with it.</summary>
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
