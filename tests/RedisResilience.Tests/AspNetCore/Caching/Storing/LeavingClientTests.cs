using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class LeavingClientTests
{
    /// <summary>The pipeline further out is what gives the context back to the server.</summary>
    [Test]
    public async Task RequestIsNotOverBeforeItsEndpoint([Values] bool isSynchronous)
    {
        using var leaving = new CancellationTokenSource();
        using var goOn = new ManualResetEventSlim();
        var isOver = false;
        var wasOverTooEarly = false;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", async (HttpContext context) =>
            {
                if (!isSynchronous)
                {
                    await Task.Yield();
                }

                leaving.Cancel();
                goOn.Wait(TimeSpan.FromMilliseconds(300));
                wasOverTooEarly = Volatile.Read(ref isOver);
                return Results.Json(1);
            }).CacheResponse("key"),
            outer: app => app.Use(async (context, next) =>
            {
                context.RequestAborted = leaving.Token;
                try
                {
                    await next(context);
                }
                catch (OperationCanceledException)
                {
                    // The client hears of nothing any more.
                }
                finally
                {
                    Volatile.Write(ref isOver, true);
                    goOn.Set();
                    ended.TrySetResult();
                }
            }));

        _ = app.GetAsync("/");
        await ended.Task.WaitAsync(Patience.Limit);

        Assert.That(wasOverTooEarly, Is.False, "a running endpoint still writes into what the request has given back");
    }
}
