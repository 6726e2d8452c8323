using System.Collections.Concurrent;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Collects the exceptions of tasks that nobody has looked at.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<string> _texts = [];

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnException;

    public IReadOnlyList<string> Collect()
    {
        // Only the collector finds them.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return [.. _texts];
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnException;

    private void OnException(object? sender, UnobservedTaskExceptionEventArgs arguments) =>
        _texts.Enqueue($"{arguments.Exception.InnerException}");
}
