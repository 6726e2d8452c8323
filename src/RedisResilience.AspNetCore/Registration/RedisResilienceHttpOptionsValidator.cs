using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.AspNetCore.RateLimiting.Configured;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>Checks that the options are within their documented ranges.</summary>
internal sealed class RedisResilienceHttpOptionsValidator(IEnumerable<HttpSection> sections) : IValidateOptions<RedisResilienceHttpOptions>
{
    private const int MostLines = 1_000_000;

    // Knows the rules of names.
    private static readonly RateLimit AnyLimit = RateLimit.FixedWindow(1, TimeSpan.FromSeconds(1));

    private readonly string _section = string.Join(" and ", sections.Select(section => section.Path).Distinct());

    public ValidateOptionsResult Validate(string? name, RedisResilienceHttpOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(options.Permits >= 1, nameof(options.Permits), options.Permits, "at least 1");
        Check(
            EntryLifetime.IsAllowed(options.Window) && options.Window.Ticks % TimeSpan.TicksPerMillisecond == 0,
            nameof(options.Window), options.Window, "whole milliseconds, from 1 ms to 365 days");
        Check(EntryLifetime.IsAllowed(options.TimeToLive), nameof(options.TimeToLive), options.TimeToLive, "from 1 ms to 365 days");
        Check(
            options.IPv6PrefixLength is >= 32 and <= 128, nameof(options.IPv6PrefixLength), options.IPv6PrefixLength, "from 32 to 128");
        Check(
            options.LoggedDenialsPerMinute is >= 0 and <= MostLines,
            nameof(options.LoggedDenialsPerMinute), options.LoggedDenialsPerMinute, "from 0 to 1,000,000");
        foreach (var text in options.ExemptAddresses)
        {
            Check(
                AddressSet.Parse(text) is not null, nameof(options.ExemptAddresses), text, "addresses, or networks such as 10.0.0.0/8");
        }

        foreach (var (policy, said) in options.Policies)
        {
            if (WrongWith(policy, said) is { } wrong)
            {
                result.AddError($"{PathOf(nameof(options.Policies))}:{policy}: {wrong}");
            }
        }

        return result.Build();

        void Check(bool isRight, string option, object value, string allowed)
        {
            if (!isRight)
            {
                result.AddError(FormattableString.Invariant($"must be {allowed}; it is '{value}'"), PathOf(option));
            }
        }
    }

    private static string? WrongWith(string name, RateLimitPolicyOptions policy)
    {
        try
        {
            _ = AnyLimit with { Name = name };
            _ = new ConfiguredPolicy(name, policy);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            return wrong.Message;
        }
    }

    private string PathOf(string option) => _section.Length == 0 ? option : $"{_section}:{option}";
}
