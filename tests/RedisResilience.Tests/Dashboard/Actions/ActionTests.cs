using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.AspNetCore;

namespace RedisResilience.Tests.Dashboard.Actions;

/// <summary>What the page's buttons do, and for whom they do nothing.</summary>
internal sealed class ActionTests
{
    private const string Name = "logins";
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1)) with { Name = Name };

    [Test]
    public async Task WithoutBeingAllowed_ThereAreNone()
    {
        await using var app = await StartAsync(isAllowed: false);

        using var token = await app.GetAsync("/redis/token");
        using var action = await app.Client.PostAsJsonAsync("/redis/actions", new { kind = "entry", value = "k" });

        Assert.That((token.StatusCode, action.StatusCode), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task WithoutAntiforgery_MappingSaysSo()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRedisResilience(connectionString: null);
        await using var app = builder.Build();

        Assert.That(
            () => app.MapRedisResilienceDashboard(configure: options => options.AllowsActions = true),
            Throws.InvalidOperationException.With.Message.Contains("AddAntiforgery()"));
    }

    [Test]
    public async Task NamedRedisAlone_IsTheOneThatIsActedOn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAntiforgery().AddRedisResilience("one", (string?)null);
        await using var app = builder.Build();

        Assert.That(() => app.MapRedisResilienceDashboard(configure: options => options.AllowsActions = true), Throws.Nothing);
    }

    [TestCase(false, true, null)]
    [TestCase(true, false, null)]
    [TestCase(true, true, "cross-site")]
    [TestCase(true, true, "same-site")]
    public async Task RequestOfAnotherPage_DoesNothing(bool hasToken, bool hasCookie, string? site)
    {
        using var counting = new InMemoryRateLimiter();
        await using var app = await StartAsync(limiter: counting);
        await counting.AcquireAsync("me", Limit);

        using var response = await ActAsync(app, """{"kind":"limit","value":"me","policy":"logins"}""", hasToken, hasCookie, site);

        Assert.That(response.StatusCode, Is.EqualTo(site is null ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden));
        Assert.That((await counting.AcquireAsync("me", Limit)).IsAllowed, Is.False);
    }

    [Test]
    public async Task ResetLimit_ForgetsTheCount()
    {
        using var counting = new InMemoryRateLimiter();
        await using var app = await StartAsync(limiter: counting);
        await counting.AcquireAsync("me", Limit);

        using var response = await ActAsync(app, """{"kind":"limit","value":"me","policy":"logins"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await IsDoneAsync(response), Is.True);
        Assert.That((await counting.AcquireAsync("me", Limit)).IsAllowed, Is.True);
    }

    [TestCase("""{"kind":"limit","value":"me","policy":"other"}""")]
    [TestCase("""{"kind":"denied","value":"0123456789abcdef"}""")]
    [TestCase("""{"kind":"format","value":"c:"}""")]
    public async Task WhatCannotBeDone_IsSaid(string action)
    {
        await using var app = await StartAsync();

        using var response = await ActAsync(app, action);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await IsDoneAsync(response), Is.False);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[1]")]
    [TestCase("""{"kind":null,"value":"k"}""")]
    [TestCase("""{"kind":"entry"}""")]
    public async Task WhatIsNoAction_IsRefused(string body)
    {
        await using var app = await StartAsync();

        using var response = await ActAsync(app, body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static Task<HttpApp> StartAsync(bool isAllowed = true, IRateLimiter? limiter = null) => HttpApp.StartAsync(
        app =>
        {
            app.MapGet("/login", () => "").RequireRateLimit(Name);
            app.MapRedisResilienceDashboard(configure: options => options.AllowsActions = isAllowed);
        },
        options => options.AddPolicy(Name, Limit),
        client: IPAddress.Loopback,
        services: services => services.AddAntiforgery(),
        counting: limiter);

    private static async Task<HttpResponseMessage> ActAsync(
        HttpApp app, string body, bool hasToken = true, bool hasCookie = true, string? site = "same-origin")
    {
        using var given = await app.GetAsync("/redis/token");
        var token = (await given.Content.ReadFromJsonAsync<JsonElement>())!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/redis/actions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (hasToken)
        {
            request.Headers.Add(token.GetProperty("header").GetString()!, token.GetProperty("value").GetString());
        }

        if (hasCookie)
        {
            request.Headers.Add("Cookie", given.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return await app.Client.SendAsync(request);
    }

    private static async Task<bool> IsDoneAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("isDone").GetBoolean();
}
