using System.Text.Json.Serialization;
using RedisResilience.AotProgram;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

// What the packages promise for programs that are compiled to native code: each feature once, and a line of what it said.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["RedisResilience:ConnectionString"] = args[0], ["RedisResilience:CommandDeadline"] = "00:00:01",
});
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, QuoteJson.Default));
builder.Services.AddRedisResilience(builder.Configuration.GetSection("RedisResilience"))
    .AddHttp(options => options.AddPolicy("quotes", RateLimit.TokenBucket(50, TimeSpan.FromSeconds(1))));
builder.Services.AddHealthChecks().AddRedisResilience();
builder.Services.AddHttpClient("outside")
    .AddRedisResilienceCache(cache => cache.Private())
    .AddRedisResilienceLimit("outside", RateLimit.SlidingWindow(50, TimeSpan.FromSeconds(1)));

await using var app = builder.Build();
app.UseRedisResilience();
app.MapHealthChecks("/health");
app.MapGet("/quotes/{symbol}", (string symbol) => new Quote(symbol, 104)).RequireRateLimit("quotes").CacheResponse("quotes:v1:{symbol}");
app.MapGet("/outside", (HttpContext context) =>
{
    context.Response.Headers.CacheControl = "max-age=60";
    return "outside";
});
await app.StartAsync();
using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
await app.Services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync(patience.Token);

var limiter = app.Services.GetRequiredService<IRateLimiter>();
var cache = app.Services.GetRequiredService<IResponseCache>();
var decision = await limiter.AcquireAsync("key", RateLimit.FixedWindow(3, TimeSpan.FromHours(1)));
Console.WriteLine($"limiter: {decision.IsAllowed}, {decision.Remaining} left, by {decision.Source}");

var made = await cache.GetOrCreateAsync(
    "quotes:v1:made", new CacheEntryOptions(TimeSpan.FromMinutes(1)), 0,
    static (_, _) => ValueTask.FromResult<Quote?>(new Quote("made", 1)), QuoteJson.Default.Quote);
Console.WriteLine($"cache: {made?.Symbol}");

using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
var quotes = new Uri("quotes/AAPL", UriKind.Relative);
var body = await client.GetStringAsync(quotes);
await UntilAsync(async () => (await StatusAsync(client, quotes)).Contains("hit", StringComparison.Ordinal));
Console.WriteLine($"endpoint: {body}, hit");
Console.WriteLine($"health: {await client.GetStringAsync(new Uri("health", UriKind.Relative))}");

using var outside = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("outside");
outside.BaseAddress = client.BaseAddress;
var page = new Uri("outside", UriKind.Relative);
await UntilAsync(async () => (await StatusAsync(outside, page)).Contains("hit", StringComparison.Ordinal));
Console.WriteLine("client: hit");

async Task UntilAsync(Func<Task<bool>> isTrue)
{
    while (!await isTrue())
    {
        await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
    }
}

static async Task<string> StatusAsync(HttpClient client, Uri address)
{
    using var response = await client.GetAsync(address);
    return response.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : "";
}

namespace RedisResilience.AotProgram
{
    internal sealed record Quote(string Symbol, decimal Price);

    [JsonSerializable(typeof(Quote))]
    internal sealed partial class QuoteJson : JsonSerializerContext;
}
