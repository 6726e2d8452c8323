using System.Buffers;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace RedisResilience.Mongo.Registration;

/// <summary>Checks the options when the host starts: a wrong one should stop a deployment, not a request.</summary>
internal sealed class RedisResilienceMongoOptionsValidator : IValidateOptions<RedisResilienceMongoOptions>
{
    private const int LongestPrefix = 128;
    private static readonly SearchValues<char> NotInDatabaseNames = SearchValues.Create("/\\. \"$\0");
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public ValidateOptionsResult Validate(string? name, RedisResilienceMongoOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Require(result, nameof(options.ConnectionString), IsConnectionString(options.ConnectionString), "is not a MongoDB connection string");
        Require(result, nameof(options.Database), IsDatabase(options.Database), "must be set to the name of a database");
        Require(result, nameof(options.Collection), CollectionNamespace.IsValid(options.Collection ?? ""), "must be set to the name of a collection");
        Require(result, nameof(options.KeyField), IsField(options.KeyField), "must be the name of a top-level field");
        Require(
            result,
            nameof(options.KeyPrefix),
            options.KeyPrefix is { Length: > 0 and <= LongestPrefix } && RedisKeyLimits.IsCleanText(options.KeyPrefix),
            $"must be set to 1 to {LongestPrefix} characters without control characters");
        Require(
            result,
            nameof(options.TimeToLive),
            options.TimeToLive >= Shortest && options.TimeToLive <= Longest,
            $"must be from {Shortest} to {Longest}; it is {options.TimeToLive}");
        return result.Build();
    }

    private static void Require(ValidateOptionsResultBuilder result, string property, bool isMet, string error)
    {
        if (!isMet)
        {
            result.AddError(error, property);
        }
    }

    /// <summary>As the server has it; the driver's own check is laxer.</summary>
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
