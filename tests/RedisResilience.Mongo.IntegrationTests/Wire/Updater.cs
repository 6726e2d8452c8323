using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Applies an update: a whole document, operators, or a pipeline.</summary>
internal static class Updater
{
    public static BsonDocument Apply(BsonDocument old, BsonValue update, bool isInsert) => update switch
    {
        BsonArray pipeline =>
            pipeline.Aggregate(Scope.Of(old), (scope, stage) => scope with { Document = ApplyStage(scope, stage.AsBsonDocument) }).Document,
        BsonDocument { ElementCount: > 0 } operators when operators.GetElement(0).Name.StartsWith('$') =>
            ApplyOperators(old, operators, isInsert),
        BsonDocument replacement => Replace(old, replacement),
        _ => throw WireException.FailedToParse("An update is a document or an array."),
    };

    /// <summary>What an upsert begins with: the equalities of its filter.</summary>
    public static BsonDocument Seed(BsonDocument filter)
    {
        var seed = new BsonDocument();
        foreach (var condition in filter.Where(condition => !condition.Name.StartsWith('$')))
        {
            if (condition.Value is not BsonDocument { ElementCount: > 0 } operators || !operators.GetElement(0).Name.StartsWith('$'))
            {
                FieldPath.Set(seed, condition.Name, condition.Value);
            }
            else if (operators.TryGetValue("$eq", out var equal))
            {
                FieldPath.Set(seed, condition.Name, equal);
            }
        }

        return seed;
    }

    private static BsonDocument Replace(BsonDocument old, BsonDocument replacement)
    {
        if (!old.TryGetValue("_id", out var id) || replacement.Contains("_id"))
        {
            return (BsonDocument)replacement.DeepClone();
        }

        return new BsonDocument("_id", id).Merge((BsonDocument)replacement.DeepClone());
    }

    private static BsonDocument ApplyOperators(BsonDocument old, BsonDocument operators, bool isInsert)
    {
        var document = (BsonDocument)old.DeepClone();
        foreach (var (name, fields) in operators.Select(one => (one.Name, one.Value.AsBsonDocument)))
        {
            foreach (var field in fields)
            {
                switch (name)
                {
                    case "$set":
                        FieldPath.Set(document, field.Name, field.Value);
                        break;
                    case "$setOnInsert":
                        if (isInsert)
                        {
                            FieldPath.Set(document, field.Name, field.Value);
                        }

                        break;
                    case "$unset":
                        FieldPath.Remove(document, field.Name);
                        break;
                    case "$inc":
                        FieldPath.Set(document, field.Name, Arithmetic.Add([FieldPath.Get(document, field.Name) ?? 0, field.Value]));
                        break;
                    default:
                        throw WireException.FailedToParse($"Unknown modifier: {name}");
                }
            }
        }

        return document;
    }

    private static BsonDocument ApplyStage(Scope scope, BsonDocument stage)
    {
        var document = (BsonDocument)scope.Document.DeepClone();
        var (name, argument) = (stage.GetElement(0).Name, stage[0]);
        switch (name)
        {
            case "$set" or "$addFields":
                foreach (var field in argument.AsBsonDocument)
                {
                    FieldPath.Set(document, field.Name, Expressions.Evaluate(field.Value, scope));
                }

                return document;
            case "$unset":
                foreach (var field in argument is BsonArray many ? [.. many] : new[] { argument })
                {
                    FieldPath.Remove(document, field.AsString);
                }

                return document;
            case "$replaceWith":
                return Expressions.Evaluate(argument, scope).AsBsonDocument;
            default:
                throw new WireException(40324, "Location40324", $"Unrecognized pipeline stage name: '{name}'");
        }
    }
}
