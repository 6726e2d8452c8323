using Microsoft.Extensions.Options;

namespace RedisResilience.Mongo.Registration;

/// <summary>Checks that the key prefix ends with a version. A watcher must be able to give up all entries at once by raising it.</summary>
internal sealed class VersionedPrefixValidator(string store) : IValidateOptions<RedisResilienceMongoOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisResilienceMongoOptions options) =>
        name != store ? ValidateOptionsResult.Skip
        : HasVersion(options.KeyPrefix) ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{nameof(options.KeyPrefix)}: must end with its only version, such as predictions:v1, for changes to be followed");

    private static bool HasVersion(string? prefix)
    {
        var segments = (prefix ?? "").Split(':');
        return segments.Length > 1 && IsVersion(segments[^1]) && !segments[1..^1].Any(IsVersion);
    }

    private static bool IsVersion(string segment) =>
        segment.Length is > 1 and <= 10 && segment[0] == 'v' && segment.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
