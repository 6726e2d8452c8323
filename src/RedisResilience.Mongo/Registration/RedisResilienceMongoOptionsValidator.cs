using System.Buffers;
using Microsoft.Extensions.Options;

namespace RedisResilience.Mongo.Registration;

/// <summary>Checks the options when the host starts, so that a wrong option stops a deployment and not a request.</summary>
internal sealed class RedisResilienceMongoOptionsValidator : IValidateOptions<RedisResilienceMongoOptions>
{
    private const int LongestPrefix = 128;
    private static readonly SearchValues<char> NotInDatabaseNames = SearchValues.Create("/\\. \"$\0");
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private const int MostFailures = 1_000_000;
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public ValidateOptionsResult Validate(string? name, RedisResilienceMongoOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Require(
            result, nameof(options.ConnectionString), IsConnectionString(options.ConnectionString), "is not a MongoDB connection string");
        Require(result, nameof(options.Database), IsDatabase(options.Database), "must be set to the name of a database");
        Require(result, nameof(options.Collection), CollectionNamespace.IsValid(
            options.Collection ?? ""), "must be set to the name of a collection");
        Require(result, nameof(options.KeyField), IsField(options.KeyField), "must be the name of a top-level field");
        Require(
            result,
            nameof(options.KeyPrefix),
            options.KeyPrefix is { Length: > 0 and <= LongestPrefix } && RedisKeyLimits.IsCleanText(options.KeyPrefix),
            $"must be set to 1 to {LongestPrefix} characters without control characters");
        RequireWithin(result, nameof(options.TimeToLive), options.TimeToLive, Shortest, Longest);
        RequireWithin(result, nameof(options.StaleWhileRevalidate), options.StaleWhileRevalidate, TimeSpan.Zero, Longest);
        RequireWithin(result, nameof(options.StaleIfError), options.StaleIfError, TimeSpan.Zero, Longest);
        RequireWithin(result, nameof(options.NegativeTimeToLive), options.NegativeTimeToLive ?? Shortest, Shortest, Longest);
        RequireWithin(result, nameof(options.UnwatchedTimeToLive), options.UnwatchedTimeToLive, Shortest, Longest);
        RequireWithin(result, nameof(options.CommandDeadline), options.CommandDeadline, Shortest, LongestDeadline);
        Require(result, nameof(
            options.FailureThreshold), options.FailureThreshold is >= 1 and <= MostFailures, $"must be from 1 to {MostFailures}");
        Require(
            result,
            nameof(options.VersionField),
            options.VersionField is null
                || (IsField(options.VersionField) && options.VersionField != options.KeyField && options.VersionField != "_id"),
            "must be the name of a top-level field, and neither the key field nor _id");
        Require(result, nameof(options.Fields), options.Fields.All(IsPath), "must be names or paths of fields");
        Require(result, nameof(options.Fields), !options.Fields.Append(options.KeyField).Any(
            field => options.Fields.Any(other => IsInside(other, field))), "must not name a field and another inside of it");
        Require(result, nameof(options.Json.Hidden), options.Json.Hidden.All(IsPath), "must be names or paths of fields");
        Require(
            result,
            nameof(options.Json.Renamed),
            options.Json.Renamed.All(rename => IsPath(rename.Key) && !string.IsNullOrEmpty(rename.Value)),
            "must be names or paths of fields, with new names");
        return result.Build();
    }

    private static void Require(ValidateOptionsResultBuilder result, string property, bool isMet, string error)
    {
        if (!isMet)
        {
            result.AddError(error, property);
        }
    }

    private static void RequireWithin(
        ValidateOptionsResultBuilder result, string property, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Require(result, property, value >= least && value <= most, $"must be from {least} to {most}; it is {value}");

    private static bool IsPath(string? path) => !string.IsNullOrEmpty(path) && path.Split('.').All(name => IsField(name));

    // The server refuses both together.
    private static bool IsInside(string path, string? field) => path.StartsWith($"{field}.", StringComparison.Ordinal);

    /// <summary>Whether a name is valid for the server. The driver's own check allows more.</summary>
    private static bool IsDatabase(string? name) => !string.IsNullOrEmpty(name) && name.AsSpan().IndexOfAny(NotInDatabaseNames) < 0;

    private static bool IsField(string? name) => !string.IsNullOrEmpty(name) && name[0] != '$' && name.AsSpan().IndexOfAny('.', '\0') < 0;

    private static bool IsConnectionString(string? text)
    {
        if (text is null)
        {
            return true;
        }

        try
        {
            _ = new MongoUrl(text);
            return true;
        }
        catch (Exception malformed) when (malformed is MongoConfigurationException or ArgumentException or FormatException)
        {
            // Its message quotes the string, and with it the password.
            return false;
        }
    }
}
