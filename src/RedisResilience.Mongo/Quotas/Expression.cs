namespace RedisResilience.Mongo.Quotas;

/// <summary>Aggregation expressions, written as calls.</summary>
internal static class Expression
{
    public static BsonDocument Call(string name, BsonValue argument) => new(name, argument);

    public static BsonDocument Call(string name, BsonValue first, BsonValue second) => new(name, new BsonArray { first, second });

    public static BsonDocument If(BsonValue condition, BsonValue then, BsonValue otherwise) =>
        new("$cond", new BsonArray { condition, then, otherwise });

    public static BsonDocument Filter(BsonValue input, BsonValue condition) =>
        new("$filter", new BsonDocument { { "input", input }, { "cond", condition } });

    public static BsonDocument Map(BsonValue input, BsonValue each) => new("$map", new BsonDocument { { "input", input }, { "in", each } });

    public static BsonDocument Set(string field, BsonValue value) => new("$set", new BsonDocument(field, value));
}
