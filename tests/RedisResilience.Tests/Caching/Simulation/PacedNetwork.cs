using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Holds what was sent until all of it is answered.</summary>
internal sealed class PacedNetwork : ISimulatedNetwork
{
    private readonly Lock _lock = new();
    private List<Action> _held = [];

    public Fault Fault { get; set; }

    /// <summary>How much was on its way at once.</summary>
    public int Most { get; private set; }

    public int Held
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    public ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        var answer = new TaskCompletionSource<Answer<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _held.Add(() => answer.SetResult(Fault == Fault.None ? new Answer<T>(command()) : new Answer<T>(Fault)));
            Most = Math.Max(Most, _held.Count);
        }

        return new ValueTask<Answer<T>>(answer.Task);
    }

    public void AnswerAll()
    {
        List<Action> held;
        lock (_lock)
        {
            held = _held;
            _held = [];
        }

        held.ForEach(static answer => answer());
    }

    /// <summary>Counts <see cref="Most"/> from now on.</summary>
    public void CountAnew()
    {
        lock (_lock)
        {
            Most = _held.Count;
        }
    }
}
