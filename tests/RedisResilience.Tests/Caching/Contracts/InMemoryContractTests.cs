using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching.Contracts;

internal sealed class InMemoryLoadTests : LoadContract
{
    protected override Task<IResponseCache> CreateAsync(Action<RedisResilienceOptions> configure)
    {
        var options = new RedisResilienceOptions();
        configure(options);
        return Task.FromResult<IResponseCache>(new InMemoryResponseCache(TimeProvider.System, options: options));
    }
}

internal sealed class NoOpLoadTests : LoadContract
{
    protected override Task<IResponseCache> CreateAsync(Action<RedisResilienceOptions> configure) =>
        Task.FromResult<IResponseCache>(NoOpResponseCache.Instance);
}

internal sealed class InMemoryRemovalTests : RemovalContract
{
    protected override Task<IResponseCache> CreateAsync() => Task.FromResult<IResponseCache>(new InMemoryResponseCache());
}

internal sealed class NoOpRemovalTests : RemovalContract
{
    protected override Task<IResponseCache> CreateAsync() => Task.FromResult<IResponseCache>(NoOpResponseCache.Instance);
}
