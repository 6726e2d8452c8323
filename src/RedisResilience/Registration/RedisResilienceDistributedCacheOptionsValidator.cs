using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Registration;

/// <summary>Checks that the options are within their documented ranges.</summary>
internal sealed class RedisResilienceDistributedCacheOptionsValidator : IValidateOptions<RedisResilienceDistributedCacheOptions>
{
    private const int LongestPrefix = 128;

    public ValidateOptionsResult Validate(string? name, RedisResilienceDistributedCacheOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.KeyPrefix is not { Length: <= LongestPrefix } || !RedisKeyLimits.IsCleanText(options.KeyPrefix))
        {
            result.AddError("must be at most 128 characters of clean text", nameof(options.KeyPrefix));
        }

        if (!TimeToLiveRules.IsAllowed(options.DefaultTimeToLive))
        {
            result.AddError("must be from 1 ms to 365 days", nameof(options.DefaultTimeToLive));
        }

        return result.Build();
    }
}
