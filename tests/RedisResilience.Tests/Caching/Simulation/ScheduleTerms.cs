using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>What is drawn once for a whole schedule: what is cached, how it is removed, and what each process keeps.</summary>
internal sealed class ScheduleTerms
{
    private static readonly TimeSpan Staleness = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan VersionAge = TimeSpan.FromMilliseconds(10);

    private static readonly CacheEntryOptions[] Kinds =
    [
        new(Milliseconds(40)) { LeaseTime = Milliseconds(15), MaximumFillWait = Milliseconds(20) },
        new(Milliseconds(10))
        {
            LeaseTime = Milliseconds(15), MaximumFillWait = Milliseconds(20), StaleWhileRevalidate = Milliseconds(20),
            StaleIfError = Milliseconds(30), ErrorCoolDown = Milliseconds(5), EarlyRefreshFactor = 1,
        },

        // Its loads may be slow: the lease is prolonged. A caller who waits for himself waits as long as this says.
        new(Milliseconds(2000)) { LeaseTime = Milliseconds(100), MaximumFillWait = Milliseconds(30_000) },
    ];

    private readonly string _tagging;

    public ScheduleTerms(Random random)
    {
        _tagging = new[] { "none", "options", "told" }[random.Next(3)];
        Namespace = random.Next(2) == 0 ? "predictions:v1" : null;
        var kind = random.Next(Kinds.Length);
        AreLoadsSlow = kind == Kinds.Length - 1 && random.Next(2) == 0;
        Entry = Kinds[kind] with { Tags = _tagging == "options" ? ["tag"] : [] };
        HasLocalTier = random.Next(3) == 0;
        Options = new RedisResilienceOptions
        {
            MaximumVersionAge = random.Next(4) == 0 ? VersionAge : TimeSpan.Zero,
            MaximumConcurrentLoads = AreLoadsSlow ? 256 : new[] { 1, 2, 256 }[random.Next(3)],
        };
        if (HasLocalTier)
        {
            Options.LocalTier.KeyPrefixes.Add(Namespace is null ? "page" : "predictions:");
            Options.LocalTier.MaximumStaleness = Staleness;
        }

        // Mostly one way, for another would make up for a fault of it.
        string[] ways =
        [
            "key", "all", .. _tagging == "none" ? Array.Empty<string>() : ["tag"],
            .. Namespace is null ? Array.Empty<string>() : ["namespace"],
        ];
        random.Shuffle(ways);
        Ways = ways[..(random.Next(3) == 0 ? 2 : 1)];
    }

    public string? Namespace { get; }

    public string Page => Namespace is null ? "page" : $"{Namespace}:page";

    /// <summary>A part of the page, with an entry of its own.</summary>
    public string Part => Namespace is null ? "page part" : $"{Namespace}:part";

    public CacheEntryOptions Entry { get; }

    public RedisResilienceOptions Options { get; }

    public bool HasLocalTier { get; }

    public bool AreLoadsSlow { get; }

    /// <summary>How a writer removes what it has made old.</summary>
    public string[] Ways { get; }

    /// <summary>For how long another process may go on with what was removed. A copy may have been read by a version of that age.</summary>
    public TimeSpan Slack => Options.MaximumVersionAge + (HasLocalTier ? Staleness : TimeSpan.Zero);

    public SourceResponse Answer(int version)
    {
        // So long that it is worth leaving out where a client holds it.
        var body = new byte[4096];
        BitConverter.TryWriteBytes(body, version);
        return new SourceResponse(body) { Tags = _tagging == "told" ? ["tag"] : null };
    }

    /// <summary>Removes page and part. True when all of it was acknowledged.</summary>
    public async ValueTask<bool> RemoveAsync(IResponseCache cache, int way) => Ways[way % Ways.Length] switch
    {
        "tag" => await cache.RemoveByTagAsync("tag"),
        "namespace" => await cache.RemoveNamespaceAsync(Namespace!),
        "all" => await cache.ClearAsync(),
        _ => await cache.RemoveAsync(Part) & await cache.RemoveAsync(Page),
    };

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
