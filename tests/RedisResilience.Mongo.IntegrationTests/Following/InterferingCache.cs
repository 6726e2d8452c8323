using System.Reflection;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>
/// A cache with which somebody interferes before each removal of an entry: to count it, to throw, or to have it go unanswered.
/// </summary>
public class InterferingCache : DispatchProxy
{
    private IResponseCache _cache = null!;
    private Func<string, bool> _isAnswered = null!;
    private Action<string> _acknowledged = null!;

    /// <param name="cache">The cache.</param>
    /// <param name="isAnswered">Called with each key that is to be removed; false: the caller hears nothing of it.</param>
    /// <param name="acknowledged">Called with each key that Redis has said to have removed.</param>
    public static IResponseCache Around(IResponseCache cache, Func<string, bool> isAnswered, Action<string> acknowledged)
    {
        var proxy = Create<IResponseCache, InterferingCache>();
        var interfering = (InterferingCache)(object)proxy;
        (interfering._cache, interfering._isAnswered, interfering._acknowledged) = (cache, isAnswered, acknowledged);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var key = args?.FirstOrDefault() as string ?? "";
        var isOfWatcher = key.StartsWith("changestream:", StringComparison.Ordinal);
        return targetMethod!.Name == nameof(IResponseCache.RemoveAsync) && !isOfWatcher
            ? new ValueTask<bool>(RemoveAsync(key))
            : targetMethod.Invoke(_cache, args);
    }

    private async Task<bool> RemoveAsync(string key)
    {
        var isGone = _isAnswered(key) && await _cache.RemoveAsync(key, CancellationToken.None);
        if (isGone)
        {
            _acknowledged(key);
        }

        return isGone;
    }
}
