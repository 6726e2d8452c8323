using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.Following;

/// <summary>
/// The saved position in the stream of changes. Redis holds it beside the entries, for two reasons. A Redis that has lost the token has
/// lost the entries, too. A Redis that fell back to an earlier state has entries and a token of the same time, and following the stream
/// from that token brings the entries up to date.
/// </summary>
internal sealed class ResumePoint(IResponseCache cache, string name)
{
    // Far longer than any oplog lasts.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly string _key = $"changestream:{name}:resume";

    /// <returns>The token, or null when there is none.</returns>
    public async ValueTask<BsonDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        using var stored = await cache.GetAsync(_key, cancellationToken).ConfigureAwait(false);
        if (!stored.HasBody)
        {
            return null;
        }

        try
        {
            return BsonSerializer.Deserialize<BsonDocument>(stored.Body.ToArray());
        }
        catch (Exception damaged) when (damaged is FormatException or BsonException or IOException)
        {
            return null;
        }
    }

    /// <returns>Whether it is stored.</returns>
    public ValueTask<bool> SaveAsync(BsonDocument token, CancellationToken cancellationToken) =>
        cache.SetAsync(_key, token.ToBson(), Lifetime, cancellationToken);

    public ValueTask<bool> ForgetAsync(CancellationToken cancellationToken) => cache.RemoveAsync(_key, cancellationToken);
}
