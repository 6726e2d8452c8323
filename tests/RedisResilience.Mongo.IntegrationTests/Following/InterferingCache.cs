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

    /// <param name="cache">The cache.</param>
    /// <param name="isAnswered">Called with each key that is to be removed; false: the caller hears nothing of it.</param>
    public static IResponseCache Around(IResponseCache cache, Func<string, bool> isAnswered)
    {
        var proxy = Create<IResponseCache, InterferingCache>();
        var interfering = (InterferingCache)(object)proxy;
        (interfering._cache, interfering._isAnswered) = (cache, isAnswered);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var isHeard = targetMethod!.Name != nameof(IResponseCache.RemoveAsync)
            || ((string)args![0]!).StartsWith("changestream:", StringComparison.Ordinal)
            || _isAnswered((string)args[0]!);
        return isHeard ? targetMethod.Invoke(_cache, args) : new ValueTask<bool>(false);
    }
}
