using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Dashboard.Actions;

/// <summary>Runs the actions of the page's buttons, if the request comes from this page.</summary>
internal sealed class ActionHandler(IAntiforgery antiforgery, Removals removals, ILogger logger)
{
    private const int LongestRequest = 8 * 1024;

    public Task TellTokenAsync(HttpContext context)
    {
        // The platform sets one of its own, and warns when there is another.
        context.Response.Headers.CacheControl = default;
        var tokens = antiforgery.GetAndStoreTokens(context);
        return context.Response.WriteAsJsonAsync(
            new ActionToken(tokens.HeaderName ?? "", tokens.RequestToken ?? ""), ActionJson.Default.ActionToken);
    }

    public async Task ActAsync(HttpContext context)
    {
        if (!IsOfThisSite(context.Request) || !await antiforgery.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, new ActionResponse(
                false, "The request does not come from this page as it is now. Load it again.")).ConfigureAwait(false);
            return;
        }

        if (await ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false) is not { } request)
        {
            await AnswerAsync(
                context, StatusCodes.Status400BadRequest, new ActionResponse(false, "That is not an action.")).ConfigureAwait(false);
            return;
        }

        ActionResponse response;
        try
        {
            response = await removals.DoAsync(request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ArgumentException exception)
        {
            // What the library says of a key that cannot be one.
            response = new ActionResponse(false, exception.Message);
        }

        Log.Acted(
            logger, request.Kind is "entry" or "tag" or "namespace" or "limit" or "denied" ? request.Kind : "unknown", response.IsDone);
        await AnswerAsync(context, StatusCodes.Status200OK, response).ConfigureAwait(false);
    }

    // Browsers say it of every request over TLS or to this machine, and no page can make them say something else. It is asked beside the
    // token, which alone decides where they say nothing.
    private static bool IsOfThisSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"];

    private static async Task<ActionRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType() || request.ContentLength is null or > LongestRequest)
        {
            return null;
        }

        try
        {
            return await request.ReadFromJsonAsync(ActionJson.Default.ActionRequest, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, ActionResponse response)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(response, ActionJson.Default.ActionResponse);
    }
}
