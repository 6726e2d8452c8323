using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Sums of numbers and dates, null if one of them is null.</summary>
internal static class Arithmetic
{
    public static BsonValue Add(BsonValue[] values)
    {
        if (values.Any(value => value.IsBsonNull))
        {
            return BsonNull.Value;
        }

        var date = values.OfType<BsonDateTime>().SingleOrDefault();
        var numbers = values.Where(value => value is not BsonDateTime).ToArray();
        return date is null ? Sum(numbers) : new BsonDateTime(date.MillisecondsSinceEpoch + Sum(numbers).ToInt64());
    }

    public static BsonValue Subtract(BsonValue one, BsonValue other) => (one, other) switch
    {
        (BsonNull, _) or (_, BsonNull) => BsonNull.Value,
        (BsonDateTime from, BsonDateTime to) => from.MillisecondsSinceEpoch - to.MillisecondsSinceEpoch,
        (BsonDateTime from, _) => new BsonDateTime(from.MillisecondsSinceEpoch - other.ToInt64()),
        _ when one.IsDouble || other.IsDouble => (BsonValue)(one.ToDouble() - other.ToDouble()),
        _ => one.ToInt64() - other.ToInt64(),
    };

    public static BsonValue Multiply(BsonValue[] values) =>
        values.Any(value => value.IsBsonNull) ? BsonNull.Value
        : values.Any(value => value.IsDouble) ? (BsonValue)values.Aggregate(1.0, (product, value) => product * value.ToDouble())
        : values.Aggregate(1L, (product, value) => product * value.ToInt64());

    private static BsonValue Sum(BsonValue[] numbers) => numbers.All(number => number.IsNumeric)
        ? numbers.Any(number => number.IsDouble)
            ? (BsonValue)numbers.Sum(number => number.ToDouble())
            : numbers.Sum(number => number.ToInt64())
        : throw new WireException(14, "TypeMismatch", "$add only supports numeric or date types");
}
