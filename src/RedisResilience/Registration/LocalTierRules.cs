using Microsoft.Extensions.Options;

namespace RedisResilience.Registration;

/// <summary>Checks the options of the local tier.</summary>
internal static class LocalTierRules
{
    private const int MostPrefixes = 16;
    private const long LeastBytes = 1024 * 1024;
    private static readonly TimeSpan ShortestStaleness = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStaleness = TimeSpan.FromHours(1);

    public static void Check(LocalTierOptions options, ValidateOptionsResultBuilder result)
    {
        var prefixes = options.KeyPrefixes;
        if (prefixes.Count > MostPrefixes || prefixes.Any(prefix => prefix is null || !RedisKeyLimits.IsValid(prefix)))
        {
            result.AddError($"must be at most {MostPrefixes} texts that keys could be", Name(nameof(options.KeyPrefixes)));
        }
        else if (prefixes.Where((prefix, at) =>
            prefixes.Where((other, place) => place != at && prefix.StartsWith(other, StringComparison.Ordinal)).Any()).Any())
        {
            result.AddError("must not have one that begins with another", Name(nameof(options.KeyPrefixes)));
        }

        if (options.MaximumBytes < LeastBytes)
        {
            result.AddError($"must be at least {LeastBytes} bytes", Name(nameof(options.MaximumBytes)));
        }

        if (options.MaximumStaleness < ShortestStaleness || options.MaximumStaleness > LongestStaleness)
        {
            result.AddError($"must be from {ShortestStaleness} to {LongestStaleness}; it is {options.MaximumStaleness}",
                Name(nameof(options.MaximumStaleness)));
        }
    }

    private static string Name(string property) => $"{nameof(RedisResilienceOptions.LocalTier)}.{property}";
}
