using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>What becomes of a denied request, and of one that is allowed for now.</summary>
public sealed class RejectionTests
{
    private static readonly FixedWindow FiveAMinute = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task Rejection_IsToldWithWhoAndWhatAndWhy()
    {
        RateLimitRejection? told = null;
        await using var app = await DenyAsync(options => options.OnRejected = rejection =>
        {
            told = rejection;
            return default;
        });

        var response = await app.GetAsync("/", ("X-User", "a:b"));

        Assert.That((told!.PolicyName, told.Key, told.Decision.RetryAfter), Is.EqualTo(("some", "a%3Ab", TimeSpan.FromSeconds(7))));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(response.Field("Content-Type"), Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task ResponseOfTheApplication_IsTheResponse()
    {
        await using var app = await DenyAsync(options => options.OnRejected = async rejection =>
        {
            rejection.HttpContext.Response.StatusCode = 503;
            await rejection.HttpContext.Response.WriteAsync("mine");
        });

        var response = await app.GetAsync("/");

        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Field("Retry-After")), Is.EqualTo(
            (503, "mine", "7")));
    }

    [TestCase(null, true)]
    [TestCase("*/*", true)]
    [TestCase("application/json", true)]
    [TestCase("application/problem+json", true)]
    [TestCase("text/html, application/*;q=0.1", true)]
    [TestCase("text/html", false)]
    [TestCase("text/html, application/json;q=0", false)]
    [TestCase("application/json;q=0, */*", false)]
    [TestCase("application/*;q=0, application/problem+json", true)]
    [TestCase("*/*;q=0", false)]
    public async Task Problem_IsForThoseWhoTakeIt(string? accept, bool isWritten)
    {
        await using var app = await DenyAsync();

        var response = await app.GetAsync("/", accept is null ? [] : [("Accept", accept)]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await response.Content.ReadAsStringAsync(), isWritten ? Does.Contain("quota-exceeded") : Is.Empty);
    }

    [Test]
    public async Task StatusOfTheApplication_IsThatOfTheProblemToo()
    {
        await using var app = await DenyAsync(options => options.OnRejected = rejection =>
        {
            rejection.HttpContext.Response.StatusCode = 403;
            return default;
        });

        var response = await app.GetAsync("/");

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"status\":403"));
    }

    [Test]
    public async Task ServiceForProblems_WritesThem()
    {
        await using var app = await DenyAsync(
            services: services => services.AddProblemDetails(problems => problems.CustomizeProblemDetails =
            problem => problem.ProblemDetails.Extensions["mine"] = "1"));

        var text = await (await app.GetAsync("/")).Content.ReadAsStringAsync();

        Assert.That(text, Does.Contain("\"mine\":\"1\"").And.Contain("quota-exceeded").And.Contain("\"violated-policies\":[\"some\"]"));
    }

    [Test]
    public async Task DryRun_CountsAndDeniesNobody()
    {
        await using var app = await DenyAsync(policy: new RateLimitPolicy(FiveAMinute) { IsDryRun = true });

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"some\";r=0;t=7"));
    }

    [Test]
    public async Task DryRun_LetsNobodyWait()
    {
        await using var app = await DenyAsync(
            policy: new RateLimitPolicy(FiveAMinute) { IsDryRun = true, MaximumWait = TimeSpan.FromMinutes(1) });

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(app.Limiter.Waited, Is.Empty);
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fields_AreNotSentWhereNotWanted()
    {
        await using var app = await DenyAsync(options => options.SendRateLimitFields = false);

        var response = await app.GetAsync("/");

        Assert.That((response.Field("RateLimit"), response.Field("RateLimit-Policy"), response.Field("Retry-After")), Is.EqualTo(
            ((string?)null, (string?)null, "7")));
    }

    [TestCase("/ok", 1)]
    [TestCase("/denied", 0)]
    [TestCase("/throws", 0)]
    public async Task OnlyWhatCounts_IsCounted(string path, int refunds)
    {
        var policy = new RateLimitPolicy(FiveAMinute) { CountWhen = context => context.Response.StatusCode is 401 or 500 };
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/ok", () => "").RequireRateLimit("login");
                app.MapGet("/denied", () => Results.StatusCode(401)).RequireRateLimit("login");
                app.MapGet("/throws", IResult () => throw new InvalidOperationException()).RequireRateLimit("login");
            },
            options => options.AddPolicy("login", policy),
            outer: app => app.UseExceptionHandler(errors => errors.Run(_ => Task.CompletedTask)));

        await app.GetAsync(path);

        Assert.That(() => app.Limiter.Refunded, Has.Count.EqualTo(refunds).After(2000, 5));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1), "permits are taken before: nobody gets more chances by asking at once");
    }

    [Test]
    public async Task Wait_TakesTheBookedPermitsUpToTheQueuesLimit()
    {
        var policy = new RateLimitPolicy(FiveAMinute) { MaximumWait = TimeSpan.FromSeconds(5), QueueLimit = 1 };
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit("queue"), options => options.AddPolicy("queue", policy));
        var gate = new TaskCompletionSource<RateLimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Limiter.Wait = _ => gate.Task;

        var first = app.GetAsync("/");
        Assert.That(() => app.Limiter.Waited, Has.Count.EqualTo(1).After(5000, 5));
        await app.GetAsync("/").WaitAsync(Patience.Limit);
        gate.SetResult(FakeLimiter.Allowed(FiveAMinute));
        Assert.That((await first.WaitAsync(Patience.Limit)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await app.GetAsync("/").WaitAsync(Patience.Limit);

        Assert.That(app.Limiter.Waited, Is.EqualTo(new[] { TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5) }));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1), "the queue was full");
    }

    private static Task<HttpApp> DenyAsync(
        Action<RedisResilience.AspNetCore.RedisResilienceHttpOptions>? configure =
            null, Action<IServiceCollection>? services = null, RateLimitPolicy? policy = null) =>
        HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/", () => "").RequireRateLimit("some");
                ((FakeLimiter)app.Services.GetRequiredService<IRateLimiter>()).Decide = limit =>
                    Task.FromResult(FakeLimiter.Denied(limit, 7));
            },
            options =>
            {
                options.AddPolicy(
                    "some", policy ?? new RateLimitPolicy(FiveAMinute) { Key = context => context.Request.Headers["X-User"] });
                configure?.Invoke(options);
            },
            services: services);
}
