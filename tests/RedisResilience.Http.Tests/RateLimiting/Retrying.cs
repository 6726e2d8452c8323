namespace RedisResilience.Http.Tests.RateLimiting;

/// <summary>Sends a request again that has failed.</summary>
internal sealed class Retrying(int attempts) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode || attempt == attempts)
            {
                return response;
            }
        }
    }
}
