using Predictions.Embedded;

namespace Predictions.Startup;

/// <summary>Which Redis the sample uses: the one of <c>REDIS_URL</c>, none when that is blank or <c>--no-redis</c> is given, else an
/// embedded one.</summary>
internal sealed class RedisChoice : IAsyncDisposable
{
    private RedisChoice(string? connectionString, string description, EmbeddedRedis? embedded = null)
    {
        ConnectionString = connectionString;
        Description = description;
        Embedded = embedded;
    }

    /// <summary>The flag that switches Redis off.</summary>
    public const string NoRedis = "--no-redis";

    public string? ConnectionString { get; }

    /// <summary>For the first lines of the output. No secrets.</summary>
    public string Description { get; }

    /// <summary>The embedded server, for the user to kill. Null when it is another one, or none.</summary>
    public EmbeddedRedis? Embedded { get; }

    public static async Task<RedisChoice> DecideAsync(string? redisUrl, bool isOff, CancellationToken cancellationToken)
    {
        if (isOff || redisUrl is { } url && string.IsNullOrWhiteSpace(url))
        {
            return new RedisChoice(null, "none: rate limit and cache are off");
        }

        if (redisUrl is not null)
        {
            return new RedisChoice(redisUrl, $"the one of REDIS_URL, {SafeAddress.Of(redisUrl)}");
        }

        try
        {
            var embedded = await EmbeddedRedis.StartAsync(cancellationToken);
            return new RedisChoice(
                $"127.0.0.1:{embedded.Port}", $"embedded Garnet at 127.0.0.1:{embedded.Port}, process {embedded.ProcessId}", embedded);
        }
        catch (InvalidOperationException exception)
        {
            return new RedisChoice(null, $"none: {exception.Message}");
        }
    }

    public ValueTask DisposeAsync() => Embedded?.DisposeAsync() ?? default;
}
