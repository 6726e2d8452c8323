using System.Text;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>What a test looks at.</summary>
internal static class StoreExtensions
{
    public static async Task<string?> TextAsync(this IMongoDocumentStore store, string id)
    {
        using var response = await store.GetAsync(id);
        return response.HasBody ? Encoding.UTF8.GetString(response.Body.Span) : null;
    }

    public static async Task<bool> IsHitAsync(this IMongoDocumentStore store, string id)
    {
        using var response = await store.GetAsync(id);
        return response.IsHit;
    }

    /// <summary>Reads until the cache answers: what is stored is stored beside the answer.</summary>
    public static Task CacheAsync(this IMongoDocumentStore store, string id) =>
        Until.TrueAsync(() => store.IsHitAsync(id), "It is never cached.");
}
