using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Bulk;

/// <summary>Bounds how many keys of one call ask the store at a time, so that they do not use up each other's deadline.</summary>
/// <param name="keys">How many there are.</param>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be "
    + "disposable", Justification = "Nobody asks the semaphore for its handle.")]
internal sealed class StoreWindow(int keys)
{
    public const int Width = 128;

    private readonly SemaphoreSlim _turns = new(Width);
    private bool _isOpen;

    public Task EnterAsync(CancellationToken cancellationToken) => _turns.WaitAsync(cancellationToken);

    public void Leave() => _turns.Release();

    /// <summary>
    /// Lets all waiting calls pass, because the store does not answer or is not asked. Otherwise one call would use the time of many.
    /// </summary>
    public void Open()
    {
        if (!Interlocked.Exchange(ref _isOpen, true))
        {
            _turns.Release(keys);
        }
    }
}
