using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Expressions over arrays, with variables.</summary>
internal static class Arrays
{
    public static BsonValue Call(string name, BsonDocument arguments, Scope scope)
    {
        if (name == "$let")
        {
            var inner = arguments["vars"].AsBsonDocument.Aggregate(
                scope, (with, one) => with.With(one.Name, Expressions.Evaluate(one.Value, scope)));
            return Expressions.Evaluate(arguments["in"], inner);
        }

        if (Expressions.Evaluate(arguments["input"], scope) is not BsonArray input)
        {
            return BsonNull.Value;
        }

        var variable = name == "$reduce" ? "this" : arguments.GetValue("as", "this").AsString;
        return name switch
        {
            "$filter" =>
                new BsonArray(input.Where(one => Expressions.IsTrue(Expressions.Evaluate(arguments["cond"], scope.With(variable, one))))),
            "$map" => new BsonArray(input.Select(one => Expressions.Evaluate(arguments["in"], scope.With(variable, one)))),
            _ => input.Aggregate(
                Expressions.Evaluate(arguments["initialValue"], scope),
                (value, one) => Expressions.Evaluate(arguments["in"], scope.With("this", one).With("value", value))),
        };
    }

    /// <summary>The operands; or, of a single one that is an array, what is in it.</summary>
    public static IEnumerable<BsonValue> Of(BsonValue[] operands) => operands is [BsonArray only] ? only : operands;
}
