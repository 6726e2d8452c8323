using System.Text;
using RedisResilience.Caching;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following.Elections;

/// <summary>The ways in which a document comes into the cache.</summary>
public enum Filler
{
    /// <summary>The store reads it through the cache.</summary>
    Get,

    /// <summary>The store reads many at once.</summary>
    GetMany,

    /// <summary>An entry of the application's own, such as a response over HTTP, whose source reads from the store.</summary>
    OwnEntry,
}

/// <summary>Reads in one of these ways.</summary>
internal static class Fillers
{
    private static readonly CacheEntryOptions Hour = new(TimeSpan.FromHours(1));

    public static async Task<string?> TextAsync(this Deployment deployment, Filler filler, string id)
    {
        using var response = filler switch
        {
            Filler.GetMany => (await deployment.Store.GetManyAsync([id]))[0],
            Filler.OwnEntry => await deployment.Cache.GetOrCreateAsync(
                $"{deployment.KeyPrefix}:{id}",
                Hour,
                (deployment.Store, id),
                static async (state, token) =>
                    await state.Store.ReadAsync(state.id, token) is { } body ? new SourceResponse(body) : SourceResponse.Nothing),
            _ => await deployment.Store.GetAsync(id),
        };
        return response.HasBody ? Encoding.UTF8.GetString(response.Body.Span) : null;
    }
}
