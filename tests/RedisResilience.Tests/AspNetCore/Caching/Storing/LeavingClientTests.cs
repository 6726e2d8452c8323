using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class LeavingClientTests
{
    /// <summary>Another's response was there first, and this run is told that nobody waits for it: its own client does.</summary>
    [Test]
    public async Task ClientWhoseRunIsToldToStop_IsGivenTheOthersResponse([Values] bool isThrown)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async (HttpContext context) =>
        {
            var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            await (isThrown ? stopped : Task.WhenAny(stopped));
            return Results.StatusCode(499);
        }).CacheResponse("key"));
        app.Cache.Rival = new RedisResilience.Caching.SourceResponse("theirs"u8.ToArray());
        using var response = await app.GetAsync("/").WaitAsync(Patience.Limit);

        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((200, "theirs")));
        Assert.That(response.Field("Cache-Status"), Does.EndWith("collapsed"));
    }

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
