using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The aggregation expressions that the adapter uses. Any other is refused, as by a real server.</summary>
internal static class Expressions
{
    public static BsonValue Evaluate(BsonValue expression, Scope root) => expression switch
    {
        BsonString { Value: ['$', '$', .. var variable] } => root.Variable(variable),
        BsonString { Value: ['$', .. var path] } => FieldPath.GetAll(root.Document, path) ?? BsonNull.Value,
        BsonDocument { ElementCount: 1 } call when call.GetElement(0).Name.StartsWith('$') => Call(call.GetElement(0).Name, call[0], root),
        BsonDocument document =>
            new BsonDocument(document.Where(element => !IsMissing(element.Value, root)).Select(
                element => new BsonElement(element.Name, Evaluate(element.Value, root)))),
        BsonArray array => new BsonArray(array.Select(item => Evaluate(item, root))),
        _ => expression,
    };

    public static bool IsTrue(BsonValue value) =>
        !value.IsBsonNull && (!value.IsBoolean || value.AsBoolean) && (!value.IsNumeric || value.ToDouble() != 0);

    // A field that is not there makes no field.
    private static bool IsMissing(BsonValue value, Scope root) =>
        value is BsonString { Value: ['$', not '$', ..] } && FieldPath.GetAll(root.Document, value.AsString[1..]) is null;

    private static BsonValue Call(string name, BsonValue argument, Scope root)
    {
        if (name == "$literal")
        {
            return argument;
        }

        if (name == "$cond")
        {
            var (condition, yes, no) = argument is BsonDocument named
                ? (named["if"], named["then"], named["else"])
                : (argument[0], argument[1], argument[2]);
            return Evaluate(IsTrue(Evaluate(condition, root)) ? yes : no, root);
        }

        if (name is "$filter" or "$map" or "$reduce" or "$let")
        {
            return Arrays.Call(name, argument.AsBsonDocument, root);
        }

        if (name is "$dateTrunc" or "$dateAdd")
        {
            return Dates.Call(name, Evaluate(argument, root).AsBsonDocument);
        }

        var values = argument is BsonArray many ? many.Select(one => Evaluate(one, root)).ToArray() : [Evaluate(argument, root)];
        return name switch
        {
            "$and" => values.All(IsTrue),
            "$or" => values.Any(IsTrue),
            "$not" => !IsTrue(values[0]),
            "$eq" => values[0].CompareTo(values[1]) == 0,
            "$ne" => values[0].CompareTo(values[1]) != 0,
            "$gt" => values[0].CompareTo(values[1]) > 0,
            "$gte" => values[0].CompareTo(values[1]) >= 0,
            "$lt" => values[0].CompareTo(values[1]) < 0,
            "$lte" => values[0].CompareTo(values[1]) <= 0,
            "$ifNull" => values.FirstOrDefault(value => !value.IsBsonNull) ?? BsonNull.Value,
            "$max" => Arrays.Of(values).Where(value => !value.IsBsonNull).Max() ?? BsonNull.Value,
            "$min" => Arrays.Of(values).Where(value => !value.IsBsonNull).Min() ?? BsonNull.Value,
            "$sum" => Arithmetic.Add([.. Arrays.Of(values).Where(value => value.IsNumeric)]),
            "$concatArrays" =>
                values.Any(value => value.IsBsonNull) ? BsonNull.Value : new BsonArray(values.SelectMany(value => value as BsonArray
                ?? throw new WireException(28664, "Location28664", "$concatArrays only supports arrays"))),
            "$add" => Arithmetic.Add(values),
            "$subtract" => Arithmetic.Subtract(values[0], values[1]),
            "$multiply" => Arithmetic.Multiply(values),
            "$divide" => values[0].ToDouble() / values[1].ToDouble(),
            "$floor" => values[0].IsDouble ? Math.Floor(values[0].AsDouble) : values[0],
            "$ceil" => values[0].IsDouble ? Math.Ceiling(values[0].AsDouble) : values[0],
            "$mod" => values[0].ToInt64() % values[1].ToInt64(),
            "$toLong" => values[0] is BsonDateTime date ? date.MillisecondsSinceEpoch : values[0].ToInt64(),
            "$mergeObjects" =>
                values.Aggregate(new BsonDocument(), (merged, value) => value.IsBsonNull ? merged : merged.Merge(
                    value.AsBsonDocument, overwriteExistingElements: true)),
            "$toDate" => new BsonDateTime(values[0].ToInt64()),
            _ => throw new WireException(168, "InvalidPipelineOperator", $"Unrecognized expression '{name}'"),
        };
    }
}
