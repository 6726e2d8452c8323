using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What a server of some version knows, and what it refuses.</summary>
/// <param name="Major">The first number of its version.</param>
/// <param name="Minor">The second.</param>
/// <param name="MaximumWireVersion">As it tells drivers.</param>
/// <param name="IsReplicaSet">Whether it is a member of a set.</param>
internal sealed record WireVersion(int Major, int Minor, int MaximumWireVersion, bool IsReplicaSet = true)
{
    private static readonly Dictionary<string, int> Since = new()
    {
        ["$dateTrunc"] = 5,
        ["$dateAdd"] = 5,
        ["fullDocumentBeforeChange"] = 6,
        ["changeStreamPreAndPostImages"] = 6,
        ["showExpandedEvents"] = 6,
    };

    public static WireVersion V44 { get; } = new(4, 4, 9);

    public static WireVersion V50 { get; } = new(5, 0, 13);

    public static WireVersion V70 { get; } = new(7, 0, 21);

    public bool Lacks(string feature) => Since.TryGetValue(feature, out var major) && Major < major;

    /// <summary>Refuses a command that uses what came later.</summary>
    public void Check(BsonValue command)
    {
        foreach (var field in command is BsonDocument document ? document : [])
        {
            if (field.Name.StartsWith("$date", StringComparison.Ordinal) && Lacks(field.Name))
            {
                throw new WireException(168, "InvalidPipelineOperator", $"Unrecognized expression '{field.Name}'");
            }

            Check(field.Value);
        }

        foreach (var item in command as BsonArray ?? [])
        {
            Check(item);
        }
    }
}
