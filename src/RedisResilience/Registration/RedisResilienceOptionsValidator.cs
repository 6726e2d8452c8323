using System.IO.Compression;
using Microsoft.Extensions.Options;

namespace RedisResilience.Registration;

/// <summary>Checks the options when the host starts, so that a wrong option stops a deployment and not a request.</summary>
internal sealed class RedisResilienceOptionsValidator(IEnumerable<RedisRegistration> registrations, IServiceProvider services)
    : IValidateOptions<RedisResilienceOptions>
{
    private const int MostKeys = 10_000_000;
    private const int LongestPrefix = 128;
    private const int LeastThreshold = 256;
    private const int Most = 1_000_000;
    private const int LargestEntry = 512 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public ValidateOptionsResult Validate(string? name, RedisResilienceOptions options)
    {
        var own = registrations.Where(registration => (registration.Name ?? Options.DefaultName) == name).ToList();
        var result = new ValidateOptionsResultBuilder();
        RegistrationRules.Check(own, services, result);
        if (options.KeyPrefix is null || options.KeyPrefix.Length > LongestPrefix || !RedisKeyLimits.IsCleanText(options.KeyPrefix))
        {
            result.AddError(
                $"must have at most {LongestPrefix} characters, no control characters, and be well-formed UTF-16; it has "
                    + $"{options.KeyPrefix?.Length ?? 0}",
                nameof(options.KeyPrefix));
        }
        else if (options.KeyPrefix.AsSpan().ContainsAny('{', '}'))
        {
            // A hash tag of the prefix would put every key into one slot, and keys that stand beside others outside of both ACL patterns.
            result.AddError("must have no braces", nameof(options.KeyPrefix));
        }

        CheckRange(result, nameof(options.CommandDeadline), options.CommandDeadline, TimeSpan.FromMilliseconds(1), Longest);
        CheckRange(result, nameof(options.MaximumCommandDeadline), options.MaximumCommandDeadline, options.CommandDeadline, Longest);
        CheckRange(result, nameof(options.ProbeInterval), options.ProbeInterval, TimeSpan.FromMilliseconds(10), Longest);
        CheckRange(result, nameof(options.MaximumVersionAge), options.MaximumVersionAge, TimeSpan.Zero, Longest);
        CheckRange(result, nameof(options.MaximumConcurrentLoads), options.MaximumConcurrentLoads, 1, Most);
        CheckRange(result, nameof(options.MaximumQueuedLoads), options.MaximumQueuedLoads, 0, Most);
        CheckRange(result, nameof(options.MaximumRememberedInvalidations), options.MaximumRememberedInvalidations, 1, Most);
        CheckRange(result, nameof(options.MaximumLocalKeys), options.MaximumLocalKeys, 3, MostKeys);
        CheckRange(result, nameof(options.MaximumStoredKeys), options.MaximumStoredKeys, 1, MostKeys);
        CheckRange(result, nameof(options.MaximumEntrySize), options.MaximumEntrySize, 1, LargestEntry);
        CheckRange(
            result, nameof(options.DenialRecheckInterval), options.DenialRecheckInterval, TimeSpan.FromMilliseconds(
                1), TimeSpan.FromDays(1));

        if (options.CompressionThreshold < LeastThreshold)
        {
            result.AddError($"must be null or at least {LeastThreshold} bytes; it is {options.CompressionThreshold}",
                nameof(options.CompressionThreshold));
        }

        if (options.CompressionLevel is not (CompressionLevel.Fastest or CompressionLevel.Optimal or CompressionLevel.SmallestSize))
        {
            result.AddError(
                $"must be Fastest, Optimal or SmallestSize; it is {options.CompressionLevel}", nameof(options.CompressionLevel));
        }

        LocalTierRules.Check(options.LocalTier, result);
        return NameSection(result.Build(), own.Select(registration => registration.Section).FirstOrDefault(section => section is not null));
    }

    // Where people look for what is wrong.
    private static ValidateOptionsResult NameSection(ValidateOptionsResult result, string? section) =>
        result.Failed && section is not null
            ? ValidateOptionsResult.Fail(result.Failures!.Select(failure => $"In the section '{section}': {failure}")) : result;

    private static void CheckRange<T>(ValidateOptionsResultBuilder result, string property, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            result.AddError($"must be from {least} to {most}; it is {value}", property);
        }
    }
}
