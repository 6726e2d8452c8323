using Microsoft.Extensions.Options;
using Predictions.Endpoints;
using Predictions.Prices;
using Predictions.Source;
using Predictions.Startup;
using RedisResilience.AspNetCore;
using RedisResilience.RateLimiting;

var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != RedisChoice.NoRedis)]);
await using var redis = await RedisChoice.DecideAsync(builder.Configuration["REDIS_URL"], args.Contains(RedisChoice.NoRedis), CancellationToken.None);
var settings = builder.Configuration.GetSection("RedisResilience");
var timeToLive = settings.GetValue(nameof(RedisResilienceHttpOptions.TimeToLive), new RedisResilienceHttpOptions().TimeToLive);
var resilience = builder.Services.AddRedisResilience(redis.ConnectionString, settings.Bind)
    .AddHttp(settings)
    .AddMongoProblemDetails()
    .AddHttp(options => options.AddPolicy(PredictionEndpoints.Replacing, RateLimit.TokenBucket(10, TimeSpan.FromMinutes(1))));
var source = resilience.AddPredictionSource(builder.Configuration["MONGO_URL"], PriceHistories.Load(), timeToLive);
builder.Services.AddProblemDetails();
builder.Services.AddHealthChecks().AddRedisResilience();
if (string.IsNullOrEmpty(builder.Configuration["urls"]))
{
    builder.WebHost.UseUrls("http://127.0.0.1:0");
}

await using var app = builder.Build();
Console.WriteLine(Welcome.Describe(redis.Description, source));
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRedisResilience();
app.MapPredictions();
app.MapHealthChecks("/health", HealthReportWriter.Options);
app.MapRedisResilienceDashboard("/redis");

await app.StartAsync();
var permits = app.Services.GetRequiredService<IOptions<RedisResilienceHttpOptions>>().Value.Permits;
Console.WriteLine(Welcome.Suggest(app.Urls.FirstOrDefault() ?? "", permits, redis.ProcessId));
await app.WaitForShutdownAsync();
