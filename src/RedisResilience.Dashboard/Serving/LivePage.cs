using System.Reflection;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore;
using RedisResilience.Caching;
using RedisResilience.Dashboard.Access;
using RedisResilience.Dashboard.Actions;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Dashboard.Serving;

/// <summary>The page of one application, with its parts. It lives as long as the application.</summary>
internal sealed class LivePage : IDisposable
{
    private readonly TransitionJournal _transitions;
    private readonly Recorder _recorder;
    private readonly InMemoryRateLimiter _limiter;
    private readonly EventStream _events;
    private readonly Gate _gate;
    private readonly ActionHandler? _actions;

    public LivePage(IServiceProvider services, RedisResilienceDashboardOptions options)
    {
        var timeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System;

        // The one without a name, or the first: the page is about that one, and tells how the others stand.
        IRedisStatus[] named = [.. services.GetKeyedServices<IRedisStatus>(KeyedService.AnyKey)];
        var status = services.GetService<IRedisStatus>()
            ?? named.FirstOrDefault()
            ?? throw new InvalidOperationException("The dashboard shows what AddRedisResilience adds, and that was not called.");
        var name = status.Current.Name;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        _transitions = new TransitionJournal(timeProvider);
        _recorder = new Recorder(status, timeProvider, options.AlwaysRecords);
        _limiter = new InMemoryRateLimiter(timeProvider, capacity: 256);
        var configured = new Configured(services.GetService<IEndpointOverview>());
        var messages = new Messages(
            Describe(services, options, timeProvider.GetUtcNow()), _transitions, services.GetKeyedService<ICacheUsage>(name), configured,
            [.. named.Where(other => other != status)]);
        _events = new EventStream(_recorder, messages, _limiter, timeProvider, lifetime.ApplicationStopping);
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(Log.Category) ?? NullLogger.Instance;
        _gate = new Gate(new AccessRule(options.AccessFilter), _limiter, logger);
        if (options.AllowsActions)
        {
            var antiforgery = services.GetService<IAntiforgery>()
                ?? throw new InvalidOperationException("The dashboard's actions need builder.Services.AddAntiforgery().");
            var removals = new Removals(
                services.GetRequiredKeyedService<IResponseCache>(name), services.GetRequiredKeyedService<IRateLimiter>(name), _recorder,
                configured);
            _actions = new ActionHandler(antiforgery, removals, logger);
        }

        if (options.AlwaysRecords)
        {
            lifetime.ApplicationStarted.Register(_recorder.Start);
        }

        lifetime.ApplicationStopped.Register(Dispose);
    }

    public void Map(RouteGroupBuilder group)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        group.MapMethods("/", reading, _gate.Guard(ServePageAsync));
        foreach (var file in PageFile.Parts)
        {
            group.MapMethods(file.Name, reading, _gate.Guard(file.WriteAsync));
        }

        if (_actions is not null)
        {
            group.MapGet("token", _gate.Guard(_actions.TellTokenAsync));
            group.MapPost("actions", _gate.Guard(_actions.ActAsync));
        }

        // It lasts as long as somebody looks: it is no measure of how quickly the application answers.
        group.MapGet("events", _gate.Guard(_events.ServeAsync)).WithMetadata(
            new DisableHttpMetricsAttribute(), new DisableRequestTimeoutAttribute());
    }

    public void Dispose()
    {
        _recorder.Dispose();
        _transitions.Dispose();
        _limiter.Dispose();
    }

    private static About Describe(IServiceProvider services, RedisResilienceDashboardOptions options, DateTimeOffset startedAt)
    {
        var environment = services.GetRequiredService<IHostEnvironment>();
        var bounds = services.GetRequiredService<IOptions<RedisResilienceOptions>>().Value;
        var version = typeof(IRedisStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "";
        return new About(
            environment.ApplicationName,
            environment.EnvironmentName,
            Environment.MachineName,
            Environment.ProcessId,
            version,
            startedAt.ToUnixTimeMilliseconds(),
            bounds.MaximumConcurrentLoads,
            bounds.MaximumQueuedLoads,
            options.ShowsKeys,
            options.AllowsActions);
    }

    /// <summary>
    /// The page uses relative addresses, so that it works behind a proxy that changes its path. So its address has to end with a slash.
    /// </summary>
    private static Task ServePageAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not { Length: > 0 } path || path.EndsWith('/'))
        {
            return PageFile.Page.WriteAsync(context);
        }

        var name = new PathString(path[path.LastIndexOf('/')..]).ToUriComponent();
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = $".{name}/";
        return Task.CompletedTask;
    }
}
