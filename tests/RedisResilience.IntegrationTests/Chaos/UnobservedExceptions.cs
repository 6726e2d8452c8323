namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Counts the exceptions of tasks that nobody has looked at.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private int _count;

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnException;

    public int Count()
    {
        // Only the collector finds them.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Volatile.Read(ref _count);
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnException;

    private void OnException(object? sender, UnobservedTaskExceptionEventArgs arguments)
    {
        TestContext.Progress.WriteLine($"Unobserved: {arguments.Exception.InnerException}");
        Interlocked.Increment(ref _count);
    }
}
