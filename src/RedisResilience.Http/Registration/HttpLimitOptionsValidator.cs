using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Registration;

/// <summary>Checks the options of a limit.</summary>
internal sealed class HttpLimitOptionsValidator(IServiceProviderIsKeyedService services) : IValidateOptions<HttpLimitOptions>
{
    private static readonly TimeSpan LongestSpread = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, HttpLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Key is null)
        {
            result.AddError("must not be null", nameof(options.Key));
        }

        if (options.MaximumWait < TimeSpan.Zero || options.MaximumWait > HttpLimitOptions.LongestWait)
        {
            result.AddError(
                $"must be from {TimeSpan.Zero} to {HttpLimitOptions.LongestWait}; it is {options.MaximumWait}",
                nameof(options.MaximumWait));
        }

        if (options.Spread < TimeSpan.Zero || options.Spread > LongestSpread)
        {
            result.AddError($"must be from {TimeSpan.Zero} to {LongestSpread}; it is {options.Spread}", nameof(options.Spread));
        }

        if (!Enum.IsDefined(options.FailurePolicy))
        {
            result.AddError("is not a failure policy", nameof(options.FailurePolicy));
        }

        NamedRedis.Check<IRateLimiter>(result, services, options.Redis);
        return result.Build();
    }
}
