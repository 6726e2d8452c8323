using Microsoft.Extensions.Options;
using Predictions.Endpoints;
using Predictions.Outgoing;
using Predictions.Prices;
using Predictions.Race;
using Predictions.Source;
using Predictions.Startup;
using RedisResilience.AspNetCore;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != RedisChoice.NoRedis)]);
var address = builder.Configuration["urls"] is { Length: > 0 } urls ? urls.Split(';')[0] : ReservedAddress.Reserve(builder.WebHost);
Console.WriteLine(Welcome.Locate(address));

await using var redis = await RedisChoice.DecideAsync(
    builder.Configuration["REDIS_URL"], args.Contains(RedisChoice.NoRedis), CancellationToken.None);
var settings = builder.Configuration.GetSection("RedisResilience");
var timeToLive = settings.GetValue(nameof(RedisResilienceHttpOptions.TimeToLive), new RedisResilienceHttpOptions().TimeToLive);
var resilience = builder.Services
    .AddRedisResilience(redis.ConnectionString, settings.Bind).AddHttp(settings);
resilience.AddMongoProblemDetails()
    .AddHttp(options => options
        .AddPolicy(PredictionEndpoints.Replacing, RateLimit.TokenBucket(10, TimeSpan.FromMinutes(1)))
        .AddPolicy(RaceEndpoints.Policy, RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1))));
var histories = PriceHistories.Load();
var source = resilience.AddPredictionSource(builder.Configuration["MONGO_URL"], histories, timeToLive);
Console.WriteLine(Welcome.Describe(redis.Description, source));

await using var api = await QuotesServer.StartAsync(histories);
builder.Services.AddSingleton(api);
builder.Services.AddHttpClient<Quotes>(client => client.BaseAddress = api.Address)
    .AddRedisResilienceCache()
    .AddRedisResilienceLimit("quotes", Quotes.Limit);

builder.Services.AddProblemDetails();
builder.Services.AddHealthChecks().AddRedisResilience();
if (redis.Embedded is { } embedded)
{
    builder.Services.AddSingleton(embedded);
    builder.Services.AddRace(embedded);
}

await using var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRedisResilience();
app.MapPage();
app.MapPredictions();
app.MapQuotes();
app.MapHealthChecks("/health", HealthReportWriter.Options);
app.MapRedisResilienceDashboard("/redis", options => options.ShowsKeys = true);
app.MapServer(redis.Embedded);
if (redis.Embedded is not null)
{
    app.MapKeys();
    app.MapRace();
}

await app.StartAsync();
if (redis.Embedded is not null)
{
    await app.Services.GetRequiredService<IRedisStatus>().WaitAsync(TimeProvider.System, CancellationToken.None);
}

var permits = app.Services.GetRequiredService<IOptions<RedisResilienceHttpOptions>>().Value.Permits;
Console.WriteLine(Welcome.Suggest(address.TrimEnd('/'), permits, redis.Embedded?.ProcessId, redis.ConnectionString is not null));
await app.WaitForShutdownAsync();
