using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Registration;

/// <summary>The newest valid options. A request only reads one field. A change of the configuration creates the new options.</summary>
/// <remarks>
/// An <see cref="IOptionsMonitor{TOptions}"/> would not do: it throws at its reader when new values are not valid. Here the last valid
/// values must stay.
/// </remarks>
internal sealed class LivePolicies : IDisposable
{
    private readonly IOptionsFactory<RedisResilienceHttpOptions> _factory;
    private readonly ILogger<LivePolicies> _logger;
    private readonly EndpointDataSource? _endpoints;
    private readonly EndpointRedis _redis;
    private readonly TimeProvider _time;
    private readonly List<IDisposable> _registrations = [];
    private volatile PolicySnapshot _current;

    public LivePolicies(
        IOptionsFactory<RedisResilienceHttpOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<RedisResilienceHttpOptions>> changes,
        ILogger<LivePolicies> logger,
        EndpointRedis redis,
        EndpointDataSource? endpoints = null,
        TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _redis = redis;
        _endpoints = endpoints;
        _factory = factory;
        _logger = logger;
        _current = Create();
        foreach (var change in changes)
        {
            _registrations.Add(ChangeToken.OnChange(change.GetChangeToken, Reload));
        }
    }

    /// <summary>Other policies are in force.</summary>
    public event Action? Changed;

    public PolicySnapshot Current => _current;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private PolicySnapshot Create() => new(_factory.Create(Options.DefaultName), _endpoints, _redis, _logger, _time);

    private void Reload()
    {
        try
        {
            var changed = Create();
            changed.Check();
            _current = changed;
            Changed?.Invoke();
        }
        catch (Exception fault) when (fault is OptionsValidationException or InvalidOperationException or ArgumentException)
        {
            Log.OptionsRefused(_logger, fault.Message);
        }
    }
}
