using Microsoft.Extensions.Logging;

namespace RedisResilience.Diagnostics;

/// <summary>
/// The status when there is no connection string. It logs that once, and logs once for each limit that would deny in an outage.
/// </summary>
internal sealed class UnconfiguredRedisStatus : IRedisStatus
{
    // A limit's name is an application's own and not a client's; this is for those that make limits without an end.
    private const int MostNames = 100;

    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _notEnforced = new(StringComparer.Ordinal);
    private volatile string? _refusal;

    private readonly string? _name;

    /// <param name="logger">The logger.</param>
    /// <param name="name">The name of this Redis among the application's. Null for the one without.</param>
    public UnconfiguredRedisStatus(ILogger logger, string? name = null)
    {
        (_logger, _name) = (logger, name);
        Log.NotConfigured(logger);
    }

    public RedisStatus Current => new() { Availability = RedisAvailability.NotConfigured, Name = _name, Refusal = _refusal };

    // There is none to wait for, and a program that waits for its Redis also runs on a machine that has none.
    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>A limit that denies when Redis cannot answer has allowed a call.</summary>
    public void NotEnforced(string limit)
    {
        lock (_lock)
        {
            if (_notEnforced.Count >= MostNames || !_notEnforced.Add(limit))
            {
                return;
            }

            var names = string.Join(", ", _notEnforced.Select(name => $"'{name}'"));
            _refusal = $"limits that deny when Redis cannot answer are not enforced: {names}";
        }

        Log.NotEnforced(_logger, limit);
    }
}
