using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class SeveralPoliciesTests
{
    private static readonly FixedWindow Burst = RateLimit.FixedWindow(5, TimeSpan.FromSeconds(1));
    private static readonly FixedWindow Daily = RateLimit.FixedWindow(1000, TimeSpan.FromDays(1));

    [Test]
    public async Task PoliciesOfGroupsAndEndpoints_AllHoldAndNoneTwice()
    {
        await using var app = await StartAsync(app =>
        {
            var group = app.MapGroup("").RequireRateLimit("daily");
            group.MapGet("/both", () => "").RequireRateLimit("burst");
            group.MapGet("/again", () => "").RequireRateLimit("daily");
            group.MapGet("/instead", () => "").DisableRateLimit().RequireRateLimit("burst");
            group.MapGet("/inline", () => "").RequireRateLimit(RateLimit.FixedWindow(3, TimeSpan.FromMilliseconds(1500)));
        });

        Assert.That((await app.GetAsync("/both")).Field("RateLimit-Policy"), Is.EqualTo("\"daily\";q=1000;w=86400, \"burst\";q=5;w=1"));
        Assert.That((await app.GetAsync("/again")).Field("RateLimit-Policy"), Is.EqualTo("\"daily\";q=1000;w=86400"));
        Assert.That((await app.GetAsync("/instead")).Field("RateLimit-Policy"), Is.EqualTo("\"burst\";q=5;w=1"));
        Assert.That((await app.GetAsync("/inline")).Field("RateLimit-Policy"), Is.EqualTo("\"daily\";q=1000;w=86400, \"default\";q=3"));
    }

    [TestCase(CalendarPeriod.Day, "UTC", "\"default\";q=5;w=86400")]
    [TestCase(CalendarPeriod.Day, "Europe/Berlin", "\"default\";q=5")]
    [TestCase(CalendarPeriod.Month, "UTC", "\"default\";q=5")]
    public async Task CalendarWindow_TellsItsLengthIfItHasOne(CalendarPeriod period, string zone, string expected)
    {
        var limit = RateLimit.CalendarWindow(5, period, TimeZoneInfo.FindSystemTimeZoneById(zone));
        await using var app = await StartAsync(app => app.MapGet("/", () => "").RequireRateLimit(limit));

        Assert.That((await app.GetAsync("/")).Field("RateLimit-Policy"), Is.EqualTo(expected));
    }

    [Test]
    public async Task All_AreAskedBeforeAnyIsWaitedFor()
    {
        await using var app = await StartAsync(BothAt("/"));
        AnswerOnceAllAreAsked(app, FakeLimiter.Allowed);

        var response = await app.GetAsync("/");

        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"burst\";r=4;t=3557, \"daily\";r=999;t=3557"));
    }

    [Test]
    public async Task Denied_NamesWhatDeniesAndRetryAfterIsNotEarlierThanAnyT()
    {
        await using var app = await StartAsync(BothAt("/"));
        AnswerOnceAllAreAsked(app, limit => FakeLimiter.Denied(limit, limit.Name == "burst" ? 0.3 : 4000.1));

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"burst\";r=0;t=1, \"daily\";r=0;t=4001"));
        Assert.That(response.Field("Retry-After"), Is.EqualTo("4001"));
        Assert.That(await ViolatedAsync(response), Is.EqualTo(new[] { "burst", "daily" }));
    }

    [TestCase("burst")]
    [TestCase("daily")]
    public async Task DeniedByOne_TellsOfThatOneAlone(string denying)
    {
        await using var app = await StartAsync(BothAt("/"));
        AnswerOnceAllAreAsked(app, limit => limit.Name == denying ? FakeLimiter.Denied(limit, 7) : FakeLimiter.Allowed(limit));

        var response = await app.GetAsync("/");

        Assert.That(
            response.Field("RateLimit-Policy"), Is.EqualTo("\"burst\";q=5;w=1, \"daily\";q=1000;w=86400"), "the same on every response");
        Assert.That(response.Field("RateLimit"), Is.EqualTo($"\"{denying}\";r=0;t=7"));
        Assert.That(response.Field("Retry-After"), Is.EqualTo("7"));
        Assert.That(await ViolatedAsync(response), Is.EqualTo(new[] { denying }));
        Assert.That(app.Limiter.Refunded.Select(
            refund => (refund.Limit.Name, refund.Permits)), Is.EqualTo(new[] { (denying == "burst" ? "daily" : "burst", 1) }));
    }

    [Test]
    public async Task Refund_IsOfWhatWasCountedAlone()
    {
        await using var app = await StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit("daily", cost: 0).RequireRateLimit("uncounted", "burst"));
        AnswerOnceAllAreAsked(app, policies: 3, decide: limit => limit.Name == "burst" ? FakeLimiter.Denied(limit, 7)
            : FakeLimiter.Allowed(limit) with { Source = limit.Name == "uncounted" ? DecisionSource.FailurePolicy : DecisionSource.Redis });

        Assert.That((await app.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(app.Limiter.Refunded, Is.Empty);
    }

    [Test]
    public async Task DeniedAtOnce_TheOthersAndTheCacheAreNotAsked()
    {
        await using var app = await StartAsync(app => app.MapGet("/", () => "").RequireRateLimit("burst", "daily").CacheResponse("key"));
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 7));

        var response = await app.GetAsync("/");

        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
        Assert.That(app.Cache.Read, Is.Empty);
        Assert.That(response.Field("RateLimit-Policy"), Is.EqualTo("\"burst\";q=5;w=1, \"daily\";q=1000;w=86400"));
    }

    [Test]
    public async Task KnownToBeDeniedByTheLast_NobodyIsAsked()
    {
        await using var app = await StartAsync(BothAt("/"));
        app.Limiter.Know = limit => limit.Name == "daily" ? FakeLimiter.Denied(limit, 7) with { Source = DecisionSource.Local } : null;

        var response = await app.GetAsync("/");

        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"daily\";r=0;t=7"));
        Assert.That(app.Limiter.Asked, Is.Empty);
    }

    [Test]
    public async Task KnownToBeAllowedByOne_TheOtherIsAskedAndADenialGivesBack()
    {
        await using var app = await StartAsync(BothAt("/"));
        app.Limiter.Know = limit => limit.Name == "burst" ? FakeLimiter.Allowed(limit) with { Source = DecisionSource.Local } : null;
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 7));

        var response = await app.GetAsync("/");

        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"daily\";r=0;t=7"));
        Assert.That(app.Limiter.Asked.Single().Limit.Name, Is.EqualTo("daily"));
        Assert.That(app.Limiter.Refunded.Single().Limit.Name, Is.EqualTo("burst"));
    }

    [Test]
    public async Task UsedUpAndUncountable_UsedUpIsTheReason()
    {
        await using var app = await StartAsync(BothAt("/"));
        AnswerOnceAllAreAsked(app, limit => limit.Name == "burst"
            ? FakeLimiter.Denied(limit, 3)
            : FakeLimiter.Denied(limit, 0) with { Source = DecisionSource.FailurePolicy });

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await ViolatedAsync(response), Is.EqualTo(new[] { "burst" }));
    }

    [Test]
    public async Task OldFields_TellOfTheScarcest()
    {
        await using var app = await StartAsync(BothAt("/"), sendXFields: true);

        var response = await app.GetAsync("/");

        Assert.That(response.Field("X-RateLimit-Limit"), Is.EqualTo("5"));
        Assert.That(response.Field("X-RateLimit-Remaining"), Is.EqualTo("4"));
        Assert.That(response.Field("X-RateLimit-Reset"), Is.EqualTo("3557"));
    }

    [Test]
    public void TwoLimitsOfOneName_StopTheStart() => Assert.That(
        async () => await StartAsync(app => app.MapGet("/", () => "").RequireRateLimit().RequireRateLimit(Burst)),
        Throws.InvalidOperationException.With.Message.Contains("'default'"));

    // As Redis does it: together they are one round trip.
    private static void AnswerOnceAllAreAsked(HttpApp app, Func<RateLimit, RateLimitDecision> decide, int policies = 2)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Limiter.Decide = async limit =>
        {
            if (app.Limiter.Asked.Count == policies)
            {
                asked.SetResult();
            }

            await asked.Task;
            return decide(limit);
        };
    }

    private static Action<IEndpointRouteBuilder> BothAt(string path) =>
        app => app.MapGet(path, () => "").RequireRateLimit("burst", "daily");

    private static Task<HttpApp> StartAsync(Action<IEndpointRouteBuilder> endpoints, bool sendXFields = false) =>
        HttpApp.StartAsync(endpoints, options =>
    {
        options.AddPolicy("burst", Burst).AddPolicy("daily", Daily).AddPolicy("uncounted", Burst);
        options.SendXRateLimitFields = sendXFields;
    });

    private static async Task<string?[]> ViolatedAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return [.. problem.RootElement.GetProperty("violated-policies").EnumerateArray().Select(policy => policy.GetString())];
    }
}
