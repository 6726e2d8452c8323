using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

internal static class MvcExamples
{
    public static WebApplication Build(WebApplicationBuilder builder, string? connectionString)
    {
        builder.Services.AddControllersWithViews();
        builder.Services.AddRazorPages();
        builder.Services.AddRedisResilience(connectionString).AddHttp(options => options
            .AddPolicy("reads", RateLimit.TokenBucket(50, TimeSpan.FromSeconds(1)))
            .AddPolicy("exports", RateLimit.FixedWindow(100, TimeSpan.FromHours(1))));

        var app = builder.Build();
        app.UseRedisResilience();
        app.MapControllers();
        app.MapRazorPages();
        return app;
    }

    public static void Minimal(WebApplication app)
    {
        app.MapGet(
            "/minimal/{symbol}", [RateLimit("reads")][CacheResponse(Duration = 60)] (string symbol) => Quotes.Read(symbol));
    }
}

[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "An action is an instance's.")]
[Route("api/quotes")]
[RateLimit("reads")]
public sealed class QuotesApi : ControllerBase
{
    [HttpGet("{symbol}")]
    [CacheResponse("quotes:v1:{symbol}", Duration = 60, Tags = new[] { "quotes", "quote:{symbol}" })]
    public string Read(string symbol) => Quotes.Read(symbol);

    [HttpGet]
    [CacheResponse(Duration = 10)]
    public IEnumerable<string> List([FromQuery] int page = 1) => Quotes.Page(page);

    [HttpPost("export")]
    [RateLimit("exports", Cost = 20)]
    public string Export() => Quotes.Export();

    [HttpGet("health")]
    [DisableRateLimit]
    public string Health() => "";
}

[RateLimit("reads")]
[CacheResponse(Duration = 60)]
public class QuoteModel : PageModel
{
    public string Text { get; private set; } = "";

    public void OnGet(string symbol) => Text = Quotes.Read(symbol);
}

internal static class Quotes
{
    private static int _read;

    public static string Read(string symbol) => $"{symbol} {Interlocked.Increment(ref _read)}";

    public static IEnumerable<string> Page(int page) => [Read($"{page}")];

    public static string Export() => Read("");
}
