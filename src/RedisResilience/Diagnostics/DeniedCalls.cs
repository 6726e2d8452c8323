namespace RedisResilience.Diagnostics;

/// <summary>
/// Reports each denied call of this process with its key. Metrics and logs do not have keys. While nobody watches, a denied call only reads
/// one field.
/// </summary>
public static class DeniedCalls
{
    private static readonly Lock Changing = new();
    private static volatile Action<DeniedCall>[] _watchers = [];

    /// <summary>Watches denied calls until you dispose the result.</summary>
    /// <param name="watcher">Called for each denied call, during that call, so it must be quick. Its exceptions are ignored.</param>
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
