using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The part of the query language that the adapter uses. Any other operator is refused, as by a real server.</summary>
internal static class Matcher
{
    private static readonly HashSet<string> Operators = ["$eq", "$ne", "$in", "$exists", "$type", "$gt", "$gte", "$lt", "$lte"];

    /// <summary>Refuses what is not known, also where there is no document to match.</summary>
    public static void Check(BsonDocument filter)
    {
        foreach (var condition in filter)
        {
            if (condition.Name is "$and" or "$or")
            {
                foreach (var inner in condition.Value.AsBsonArray)
                {
                    Check(inner.AsBsonDocument);
                }
            }
            else if (condition.Name.StartsWith('$') && condition.Name != "$expr")
            {
                throw WireException.BadValue($"unknown top level operator: {condition.Name}");
            }
            else if (condition.Value is BsonDocument { ElementCount: > 0 } operators && operators.GetElement(0).Name.StartsWith('$')
                && operators.Names.FirstOrDefault(name => !Operators.Contains(name)) is { } unknown)
            {
                throw WireException.BadValue($"unknown operator: {unknown}");
            }
        }
    }

    public static bool Matches(BsonDocument document, BsonDocument filter) => filter.All(condition => condition.Name switch
    {
        "$and" => condition.Value.AsBsonArray.All(inner => Matches(document, inner.AsBsonDocument)),
        "$or" => condition.Value.AsBsonArray.Any(inner => Matches(document, inner.AsBsonDocument)),
        "$expr" => Expressions.IsTrue(Expressions.Evaluate(condition.Value, Scope.Of(document))),
        ['$', ..] => throw WireException.BadValue($"unknown top level operator: {condition.Name}"),
        _ => Holds(FieldPath.Get(document, condition.Name), condition.Value),
    });

    private static bool Holds(BsonValue? value, BsonValue condition) =>
        condition is BsonDocument { ElementCount: > 0 } operators && operators.GetElement(0).Name.StartsWith('$')
            ? operators.All(one => Holds(value, one.Name, one.Value))
            : IsEqual(value, condition);

    private static bool Holds(BsonValue? value, string name, BsonValue operand) => name switch
    {
        "$eq" => IsEqual(value, operand),
        "$ne" => !IsEqual(value, operand),
        "$in" => operand.AsBsonArray.Any(one => IsEqual(value, one)),
        "$exists" => operand.ToBoolean() == value is not null,
        "$type" =>
            value is not null
                && value.BsonType == (
                    operand.IsString ? Enum.Parse<BsonType>(operand.AsString, ignoreCase: true) : (BsonType)operand.ToInt32()),
        "$gt" => IsComparable(value, operand) && value!.CompareTo(operand) > 0,
        "$gte" => IsComparable(value, operand) && value!.CompareTo(operand) >= 0,
        "$lt" => IsComparable(value, operand) && value!.CompareTo(operand) < 0,
        "$lte" => IsComparable(value, operand) && value!.CompareTo(operand) <= 0,
        _ => throw WireException.BadValue($"unknown operator: {name}"),
    };

    private static bool IsEqual(BsonValue? value, BsonValue operand) =>
        value is null
            ? operand.IsBsonNull
            : IsComparable(value, operand)
            ? value.CompareTo(operand) == 0
            : value is BsonArray array && array.Contains(operand);

    private static bool IsComparable(BsonValue? value, BsonValue operand) =>
        value is not null && (value.BsonType == operand.BsonType || (value.IsNumeric && operand.IsNumeric));
}
