using Predictions.Prices;

namespace Predictions.Outgoing;

/// <summary>
/// Somebody else's API, which the sample starts itself: a server of its own that says for how long a quote is fresh, and counts who asks.
/// </summary>
internal sealed class QuotesServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly PriceHistories _histories;
    private int _requests;

    private QuotesServer(WebApplication application, PriceHistories histories) => (_application, _histories) = (application, histories);

    public Uri Address => new(_application.Urls.Single());

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static Task<QuotesServer> StartAsync(PriceHistories histories)
    {
        // Who hosts the sample within a test looks for the one host that it builds. This one is somebody else's.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => StartApartAsync(histories));
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task<QuotesServer> StartApartAsync(PriceHistories histories)
    {
        // Of its own, whatever the sample's own configuration says.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var server = new QuotesServer(builder.Build(), histories);
        server._application.MapGet("/quotes/{symbol}", server.Answer);
        await server._application.StartAsync();
        return server;
    }

    private IResult Answer(string symbol, HttpResponse response)
    {
        Interlocked.Increment(ref _requests);
        if (!_histories.TryGet(symbol, out var history))
        {
            return Results.NotFound();
        }

        response.Headers.CacheControl = "max-age=30";
        return Results.Text(FormattableString.Invariant($$"""{"symbol":"{{symbol}}","price":{{history[^1].Price}}}"""), "application/json");
    }
}
