using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.Caching;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Documentation;

internal static class MigrationExamples
{
    public static void Order(WebApplication app)
    {
        app.UseForwardedHeaders();       // first: limits count the client's address, not the proxy's
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHttpsRedirection();
        app.UseStaticFiles();            // files are neither limited nor cached
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseResponseCompression();
        app.UseSession();
        app.UseRedisResilience();
    }

    public static async Task<Product?> FromFusionCacheAsync(IResponseCache cache, Shop store)
    {
        Product? product = await cache.GetOrCreateAsync(
            "products:v1:42",
            new CacheEntryOptions(TimeSpan.FromMinutes(5)) { StaleIfError = TimeSpan.FromHours(1), Tags = ["products"] },
            store,
            static (store, token) => store.FindAsync(42, token),
            ShopJson.Default.Product);
        return product;
    }

    public static void FromHybridCache(WebApplicationBuilder builder)
    {
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"]).AddDistributedCache();
        builder.Services.AddHybridCache();
    }

    public static void FromOutputCaching(WebApplication app, Shop shop)
    {
        app.MapGet("/products", (int page) => shop.List(page))
            .CacheResponse(response => response.Duration(TimeSpan.FromMinutes(1)).VaryByQuery("page").Tags("products"));
    }

    public static void FromThePlatform(WebApplicationBuilder builder)
    {
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"]).AddHttp();
        builder.Services.AddRateLimiter(options =>
            options.AddRedisPolicy("api", RateLimit.TokenBucket(100, TimeSpan.FromMinutes(1)), RateLimitKeys.User));
    }
}

internal sealed record Product(int Id, string Name);

[SuppressMessage("Performance", "CA1822", Justification = "An application's own store has state.")]
internal sealed class Shop
{
    public ValueTask<Product?> FindAsync(int id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(cancellationToken.IsCancellationRequested ? null : new Product(id, "lamp"));

    public IReadOnlyList<Product> List(int page) => [new(page, "lamp")];
}

[JsonSerializable(typeof(Product))]
internal sealed partial class ShopJson : JsonSerializerContext;
