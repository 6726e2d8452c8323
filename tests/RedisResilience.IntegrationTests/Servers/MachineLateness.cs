using System.Diagnostics;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>How late the machine itself is while this lives: whatever runs on it is then late by as much, at each of its steps.</summary>
internal sealed class MachineLateness : IAsyncDisposable
{
    // A call goes over the pool and the line a few times, and each may be late.
    private const int StepsOfACall = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeping;
    private long _longest;

    public MachineLateness() => _keeping = Task.Run(KeepTimeAsync);

    /// <summary>By how much a call may be late for no other reason.</summary>
    public TimeSpan OfACall => StepsOfACall * Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _longest));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        _end.Dispose();
    }

    private async Task KeepTimeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System);
            Interlocked.Exchange(ref _longest, Math.Max(_longest, Stopwatch.GetTimestamp() - began));
        }
    }
}
