using System.Collections.Concurrent;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Faults on demand, by the command they meet.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, (Fault Fault, int Times)> _faults = new();

    /// <summary>The next <paramref name="times"/> commands of this name meet the fault.</summary>
    public void Inject(string command, Fault fault, int times = 1) => _faults[command] = (fault, times);

    public void Clear() => _faults.Clear();

    public Fault? Take(string command)
    {
        while (_faults.TryGetValue(command, out var planned) && planned.Times > 0)
        {
            if (_faults.TryUpdate(command, (planned.Fault, planned.Times - 1), planned))
            {
                return planned.Fault;
            }
        }

        return null;
    }
}
