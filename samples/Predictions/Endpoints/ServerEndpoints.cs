using System.Net;
using Predictions.Embedded;
using Predictions.Startup;
using RedisResilience.Diagnostics;

namespace Predictions.Endpoints;

/// <summary>What the page's buttons do to the embedded Redis.</summary>
internal static class ServerEndpoints
{
    /// <param name="routes">The application.</param>
    /// <param name="redis">The server. Null: it is not the sample's own, and nothing is done to it.</param>
    public static void MapServer(this IEndpointRouteBuilder routes, EmbeddedRedis? redis)
    {
        if (redis is null)
        {
            routes.MapGet("/server", () => Results.Text("null", "application/json"));
            return;
        }

        var server = routes.MapGroup("/server").AddEndpointFilter(OwnPageOnly);
        server.MapGet("", () => Describe(redis));
        server.MapPost("kill", async (CancellationToken cancellationToken) =>
        {
            await redis.KillAsync(cancellationToken);
            return Describe(redis);
        });
        server.MapPost("freeze", async (CancellationToken cancellationToken) =>
        {
            if (OperatingSystem.IsWindows())
            {
                return Results.Problem(
                    statusCode: StatusCodes.Status501NotImplemented, detail: "A process of Windows cannot be stopped where it stands.");
            }

            await redis.FreezeAsync(cancellationToken);
            return Describe(redis);
        });
        server.MapPost("restart", async (IRedisStatus status, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        {
            await redis.RestartAsync(CancellationToken.None);
            Console.WriteLine($"Redis:  started again, empty: process {redis.ProcessId}");

            // It is picked up by itself. To wait for that here spares whoever asked a look at the clock.
            await status.WaitAsync(timeProvider, cancellationToken);
            return Describe(redis);
        });
    }

    private static IResult Describe(EmbeddedRedis redis) => Results.Json(
        new { State = redis.State.ToString().ToLowerInvariant(), Process = redis.ProcessId, CanFreeze = !OperatingSystem.IsWindows() });

    // A page from elsewhere, open in the same browser, must not kill anything here, by whatever name it calls this machine.
    private static async ValueTask<object?> OwnPageOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request is var request
            && request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"]
            && IsThisMachine(request.Host.Host)
            && context.HttpContext.Connection.RemoteIpAddress is { } client && IPAddress.IsLoopback(client)
            ? await next(context)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: "Only a page of this machine may do that: open it by the address that the sample prints.");

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
