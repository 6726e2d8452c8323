using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Calendar arithmetic in UTC.</summary>
internal static class Dates
{
    public static BsonValue Call(string name, BsonDocument arguments)
    {
        if (arguments.Contains("timezone"))
        {
            throw WireException.FailedToParse("Only UTC is known here.");
        }

        var unit = arguments["unit"].AsString;
        if (name == "$dateTrunc")
        {
            return new BsonDateTime(Truncate(arguments["date"].ToUniversalTime(), unit));
        }

        return new BsonDateTime(Add(arguments["startDate"].ToUniversalTime(), unit, arguments["amount"].ToInt32()));
    }

    private static DateTime Truncate(DateTime date, string unit) => unit switch
    {
        "year" => new DateTime(date.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        "month" => new DateTime(date.Year, date.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        "day" => date.Date,
        "hour" => date.Date.AddHours(date.Hour),
        _ => throw WireException.FailedToParse($"unknown time unit value: {unit}"),
    };

    private static DateTime Add(DateTime date, string unit, int amount) => unit switch
    {
        "year" => date.AddYears(amount),
        "month" => date.AddMonths(amount),
        "day" => date.AddDays(amount),
        "hour" => date.AddHours(amount),
        _ => throw WireException.FailedToParse($"unknown time unit value: {unit}"),
    };
}
