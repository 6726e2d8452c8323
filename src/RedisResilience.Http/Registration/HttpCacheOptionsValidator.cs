using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;

namespace RedisResilience.Http.Registration;

/// <summary>Checks the options of a cache.</summary>
internal sealed class HttpCacheOptionsValidator(IServiceProviderIsKeyedService services) : IValidateOptions<HttpCacheOptions>
{
    private const int LargestBody = 256 * 1024 * 1024;
    private const int MostVariants = 1024;
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public ValidateOptionsResult Validate(string? name, HttpCacheOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(result, nameof(options.MaximumBodySize), options.MaximumBodySize, 1, LargestBody);
        Check(result, nameof(options.MaximumVariants), options.MaximumVariants, 0, MostVariants);
        Check(result, nameof(options.HeuristicFactor), options.HeuristicFactor, 0, 1);
        Check(result, nameof(options.MaximumHeuristicLifetime), options.MaximumHeuristicLifetime, TimeSpan.Zero, Year);
        Check(result, nameof(options.StaleWhileRevalidate), options.StaleWhileRevalidate, TimeSpan.Zero, Year);
        Check(result, nameof(options.StaleIfError), options.StaleIfError, TimeSpan.Zero, Year);
        Check(result, nameof(options.StaleAfter), options.StaleAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(result, nameof(options.RevalidationWindow), options.RevalidationWindow, TimeSpan.Zero, Year);
        NamedRedis.Check<IResponseCache>(result, services, options.Redis);
        return result.Build();
    }

    private static void Check<T>(ValidateOptionsResultBuilder result, string property, T value, T least, T most)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
        {
            result.AddError($"must be from {least} to {most}; it is {value}", property);
        }
    }
}
