using System.Collections.Immutable;
using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What an expression sees: the document, and variables. The time is one for the whole command.</summary>
internal sealed record Scope(BsonDocument Document, BsonDateTime Now)
{
    private ImmutableDictionary<string, BsonValue> Variables { get; init; } = ImmutableDictionary<string, BsonValue>.Empty;

    public static Scope Of(BsonDocument document) => new(document, new BsonDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

    public Scope With(string name, BsonValue value) => this with { Variables = Variables.SetItem(name, value) };

    public BsonValue Variable(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        var value = name switch
        {
            "NOW" => Now,
            "ROOT" or "CURRENT" => Document,
            _ => Variables.GetValueOrDefault(name) ?? throw new WireException(17276, "Location17276", $"Use of undefined variable: {name}"),
        };
        return dot < 0 ? value : FieldPath.GetAll(value, path[(dot + 1)..]) ?? BsonNull.Value;
    }
}
