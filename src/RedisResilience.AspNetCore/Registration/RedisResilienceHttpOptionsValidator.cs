using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>Holds the options to the ranges that they document.</summary>
internal sealed class RedisResilienceHttpOptionsValidator : IValidateOptions<RedisResilienceHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisResilienceHttpOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Permits < 1)
        {
            result.AddError("must be at least 1", nameof(options.Permits));
        }

        if (!EntryLifetime.IsAllowed(options.Window) || options.Window.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            result.AddError("must be whole milliseconds, from 1 ms to 365 days", nameof(options.Window));
        }

        if (!EntryLifetime.IsAllowed(options.TimeToLive))
        {
            result.AddError("must be from 1 ms to 365 days", nameof(options.TimeToLive));
        }

        if (options.IPv6PrefixLength is < 32 or > 128)
        {
            result.AddError("must be from 32 to 128", nameof(options.IPv6PrefixLength));
        }

        foreach (var text in options.ExemptAddresses.Where(text => AddressSet.Parse(text) is null))
        {
            result.AddError($"must be addresses, or networks such as 10.0.0.0/8; '{text}' is neither", nameof(options.ExemptAddresses));
        }

        return result.Build();
    }
}
