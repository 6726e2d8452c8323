using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// The documents of a collection by their id, as they are and as they were. A document in it is never changed, only replaced.
/// </summary>
internal sealed class WireCollection
{
    private readonly Dictionary<BsonValue, List<(long Sequence, BsonDocument? Document)>> _versions = [];

    /// <summary>As they are.</summary>
    public Dictionary<BsonValue, BsonDocument> Documents { get; } = [];

    public List<string> UniqueFields { get; } = [];

    public bool KeepsPreImages { get; set; }

    /// <summary>When a document was last written.</summary>
    public long WrittenAt(BsonValue id) => _versions.TryGetValue(id, out var versions) ? versions[^1].Sequence : 0;

    /// <param name="id">The document's id.</param>
    /// <param name="document">The document; null: it is deleted.</param>
    /// <param name="sequence">The change.</param>
    /// <param name="oldest">No reader looks further back than this change.</param>
    public void Put(BsonValue id, BsonDocument? document, long sequence, long oldest)
    {
        if (!_versions.TryGetValue(id, out var versions))
        {
            _versions[id] = versions = [];
        }

        versions.Add((sequence, document));
        versions.RemoveRange(0, Math.Max(0, versions.FindLastIndex(version => version.Sequence <= oldest)));
        Show(id, document);
    }

    /// <summary>The document as it was after a change.</summary>
    public BsonDocument? At(BsonValue id, long sequence) =>
        _versions.TryGetValue(id, out var versions) ? versions.FindLast(version => version.Sequence <= sequence).Document : null;

    /// <summary>All documents as they were after a change.</summary>
    public IEnumerable<BsonDocument> At(long sequence) => _versions.Keys.Select(id => At(id, sequence)).OfType<BsonDocument>();

    /// <summary>What came after a change never happened.</summary>
    public void RollBack(long sequence)
    {
        foreach (var (id, versions) in _versions.Where(one => one.Value[^1].Sequence > sequence).ToArray())
        {
            versions.RemoveAll(version => version.Sequence > sequence);
            Show(id, versions.Count == 0 ? null : versions[^1].Document);
            if (versions.Count == 0)
            {
                _versions.Remove(id);
            }
        }
    }

    private void Show(BsonValue id, BsonDocument? document)
    {
        if (document is null)
        {
            Documents.Remove(id);
        }
        else
        {
            Documents[id] = document;
        }
    }
}
