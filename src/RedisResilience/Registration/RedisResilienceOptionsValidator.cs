using System.IO.Compression;
using Microsoft.Extensions.Options;

namespace RedisResilience.Registration;

/// <summary>Checks the options when the host starts: a wrong one should stop a deployment, not a request.</summary>
internal sealed class RedisResilienceOptionsValidator : IValidateOptions<RedisResilienceOptions>
{
    private const int MostKeys = 10_000_000;
    private const int LongestPrefix = 128;
    private const int LeastThreshold = 256;
    private const int Most = 1_000_000;
    private const int LargestEntry = 512 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public ValidateOptionsResult Validate(string? name, RedisResilienceOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.KeyPrefix is null || options.KeyPrefix.Length > LongestPrefix || !RedisKeyLimits.IsCleanText(options.KeyPrefix))
        {
            result.AddError($"must have at most {LongestPrefix} characters, no control characters, and be well-formed UTF-16", nameof(options.KeyPrefix));
        }

        CheckRange(result, nameof(options.CommandDeadline), options.CommandDeadline, TimeSpan.FromMilliseconds(1), Longest);
        CheckRange(result, nameof(options.MaximumCommandDeadline), options.MaximumCommandDeadline, options.CommandDeadline, Longest);
        CheckRange(result, nameof(options.ProbeInterval), options.ProbeInterval, TimeSpan.FromMilliseconds(10), Longest);
        CheckRange(result, nameof(options.MaximumVersionAge), options.MaximumVersionAge, TimeSpan.Zero, Longest);
        CheckRange(result, nameof(options.MaximumConcurrentLoads), options.MaximumConcurrentLoads, 1, Most);
        CheckRange(result, nameof(options.MaximumQueuedLoads), options.MaximumQueuedLoads, 0, Most);
        CheckRange(result, nameof(options.MaximumRememberedInvalidations), options.MaximumRememberedInvalidations, 1, Most);
        CheckRange(result, nameof(options.MaximumLocalKeys), options.MaximumLocalKeys, 3, MostKeys);
        CheckRange(result, nameof(options.MaximumKeysPerNamespace), options.MaximumKeysPerNamespace, 1, MostKeys);
        CheckRange(result, nameof(options.NamespaceBudget), options.NamespaceBudget ?? 1, 1, long.MaxValue);
        if (options.MaximumEntrySize is < 1 or > LargestEntry)
        {
            result.AddError($"must be from 1 to {LargestEntry} bytes", nameof(options.MaximumEntrySize));
        }

        if (options.CompressionThreshold < LeastThreshold)
        {
            result.AddError($"must be null or at least {LeastThreshold} bytes", nameof(options.CompressionThreshold));
        }

        if (options.CompressionLevel is not (CompressionLevel.Fastest or CompressionLevel.Optimal or CompressionLevel.SmallestSize))
        {
            result.AddError("must be Fastest, Optimal or SmallestSize", nameof(options.CompressionLevel));
        }

        LocalTierRules.Check(options.LocalTier, result);
        return result.Build();
    }

    private static void CheckRange<T>(ValidateOptionsResultBuilder result, string property, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            result.AddError($"must be from {least} to {most}; it is {value}", property);
        }
    }
}
