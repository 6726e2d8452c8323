namespace RedisResilience.Diagnostics;

/// <summary>
/// Tells of denied calls of this process as they happen, with their keys, which no metric and no log has. Costs a look at one field while
/// nobody watches.
/// </summary>
public static class DeniedCalls
{
    private static readonly Lock Changing = new();
    private static volatile Action<DeniedCall>[] _watchers = [];

    /// <summary>Watches until what is returned is disposed.</summary>
    /// <param name="watcher">Is told of each denied call, on the path of that call: it is quick, and what it throws is not heard.</param>
    /// <exception cref="ArgumentNullException"><paramref name="watcher"/> is null.</exception>
    public static IDisposable Watch(Action<DeniedCall> watcher)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        lock (Changing)
        {
            _watchers = [.. _watchers, watcher];
        }

        return new Watching(watcher);
    }

    internal static void Tell(string key, string? policy, TimeSpan retryAfter)
    {
        foreach (var watcher in _watchers)
        {
            try
            {
                watcher(new DeniedCall(key, policy, retryAfter));
            }
            catch (Exception exception) when (Measurements.IsListenersOwn(exception))
            {
                // It is the watcher's own mistake.
            }
        }
    }

    private sealed class Watching(Action<DeniedCall> watcher) : IDisposable
    {
        private Action<DeniedCall>? _watcher = watcher;

        public void Dispose()
        {
            var mine = Interlocked.Exchange(ref _watcher, null);
            lock (Changing)
            {
                var at = Array.IndexOf(_watchers, mine);
                _watchers = at < 0 ? _watchers : [.. _watchers[..at], .. _watchers[(at + 1)..]];
            }
        }
    }
}
