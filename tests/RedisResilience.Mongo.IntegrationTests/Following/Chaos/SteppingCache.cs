using System.Reflection;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>
/// A cache that stops for ever before a call of one kind, once it is armed, and says so: then its process can be killed exactly there.
/// </summary>
public class SteppingCache : DispatchProxy
{
    private const int Unarmed = -1;
    private static readonly ManualResetEventSlim Never = new();
    private IResponseCache _cache = null!;
    private int _step = Unarmed;
    private int _removals;

    public static IResponseCache Around(IResponseCache cache, out Action<WatcherStep> arm)
    {
        var proxy = Create<IResponseCache, SteppingCache>();
        var stepping = (SteppingCache)(object)proxy;
        stepping._cache = cache;
        arm = step => Volatile.Write(ref stepping._step, (int)step);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var step = (WatcherStep)Volatile.Read(ref _step);
        if (IsStep(step, targetMethod!.Name, args![0] as string ?? ""))
        {
            Console.WriteLine(step);
            Never.Wait();
        }

        return targetMethod.Invoke(_cache, args);
    }

    private bool IsStep(WatcherStep step, string method, string name) => step switch
    {
        WatcherStep.ReadsToken => method == nameof(IResponseCache.GetAsync) && name.EndsWith(":resume", StringComparison.Ordinal),
        WatcherStep.Invalidates => IsInvalidation(method, name),
        WatcherStep.InvalidatesTheRest => IsInvalidation(method, name) && Interlocked.Increment(ref _removals) > 1,
        WatcherStep.SavesToken => method == nameof(IResponseCache.SetAsync) && name.EndsWith(":resume", StringComparison.Ordinal),
        WatcherStep.Announces => method == nameof(IResponseCache.SetAsync) && name.EndsWith(":watched", StringComparison.Ordinal),
        WatcherStep.RemovesNamespace => method == nameof(IResponseCache.RemoveNamespaceAsync),
        _ => false,
    };

    private static bool IsInvalidation(string method, string name) =>
        method == nameof(IResponseCache.RemoveAsync) && !name.StartsWith("changestream:", StringComparison.Ordinal);
}
