using System.Globalization;
using System.Net;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>
/// Somebody else's API, as one node sees it: quotes that change by <c>PUT</c>, a path whose calls are counted, and one that says every
/// while that it wants to be left alone.
/// </summary>
internal sealed class ChaosApi : HttpMessageHandler
{
    public const string Scarce = "/scarce";
    public const string Told = "/told";

    /// <summary>Until when the API is closed, by the machine's clock: it says so, and a call tells what its node knew of it.</summary>
    public const string ClosedUntil = "Closed-Until";

    private const int CallsUntilClosed = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _scarce;
    private int _told;
    private int _whileClosed;

    public SourceOfTruth Quotes { get; } = new();

    /// <summary>How many calls of the path that is limited have come.</summary>
    public int ScarceCalls => Volatile.Read(ref _scarce);

    /// <summary>How many calls have come whose node had been told before that they should not.</summary>
    public int CallsWhileClosed => Volatile.Read(ref _whileClosed);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path == Scarce)
        {
            Interlocked.Increment(ref _scarce);
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        return path == Told ? Tell(request)
            : request.Method == HttpMethod.Put ? Change(path)
            : new HttpResponseMessage(HttpStatusCode.OK)
            {
                Headers = { CacheControl = new() { MaxAge = TimeSpan.FromSeconds(30) } },
                Content = new ReadOnlyMemoryContent(await Quotes.ReadAsync(path)),
            };
    }

    private HttpResponseMessage Change(string path)
    {
        var version = Quotes.Change(path);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(version.ToString(CultureInfo.InvariantCulture)) };
    }

    private HttpResponseMessage Tell(HttpRequestMessage request)
    {
        var now = TimeProvider.System.GetElapsedTime(0);
        if (request.Headers.TryGetValues(ClosedUntil, out var known)
            && now < TimeSpan.Parse(known.Single(), CultureInfo.InvariantCulture))
        {
            Interlocked.Increment(ref _whileClosed);
        }

        if (Interlocked.Increment(ref _told) % CallsUntilClosed != 0)
        {
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }

        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(Pause) } };
        response.Headers.Add(ClosedUntil, (now + Pause).ToString("c", CultureInfo.InvariantCulture));
        return response;
    }
}
