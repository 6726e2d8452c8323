using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace RedisResilience.Tests.Documentation;

internal static class OperationExamples
{
    public static void Telemetry(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddRedisResilienceInstrumentation())
            .WithTracing(tracing => tracing.AddRedisResilienceInstrumentation());
    }

    public static void Dashboard(WebApplication app)
    {
        app.MapRedisResilienceDashboard("/redis");
    }

    public static void Readme(WebApplicationBuilder builder)
    {
        builder.Services.AddRedisResilience(builder.Configuration["REDIS_URL"]);
    }
}
