var builder = WebApplication.CreateBuilder(args);

// Without a connection string there are no limits and no cache, and all else works.
builder.Services.AddRedisResilience(builder.Configuration.GetConnectionString("Redis"))
    .AddHttp(builder.Configuration.GetSection("RedisResilience"));
builder.Services.AddHealthChecks().AddRedisResilience();

var app = builder.Build();
app.UseRedisResilience();

// Each client may ask 100 times an hour, and everybody gets the same answer for a minute: see appsettings.json.
app.MapGet("/greetings/{name}", (string name, TimeProvider time) => new Greeting(name, time.GetUtcNow()))
    .RequireRateLimit()
    .CacheResponse("greetings:v1:{name}");

app.MapHealthChecks("/health");
app.MapRedisResilienceDashboard("/redis");
app.Run();

internal sealed record Greeting(string Name, DateTimeOffset Time);
