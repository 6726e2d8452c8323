using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisResilience.Tests.AspNetCore;

namespace RedisResilience.Tests.Dashboard.Serving;

/// <summary>The page over HTTP: its files, its header fields, and who may have them.</summary>
internal sealed class PageTests
{
    private static readonly string[] Addresses =
        ["/redis/", "/redis/dashboard.css", "/redis/dashboard.js", "/redis/icon.svg", "/redis/events"];

    [Test]
    public async Task EachAddress_SaysWhatBrowsersMustKnow([ValueSource(nameof(Addresses))] string address)
    {
        await using var app = await StartAsync();

        using var response = await GetHeadersAsync(app, address);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.StartWith("default-src 'none';").And.Contain("script-src 'self'").And
            .Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        Assert.That(response.Headers.GetValues("X-Robots-Tag"), Is.EqualTo(new[] { "noindex, nofollow" }));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
    }

    [TestCase("http://localhost/redis/", true)]
    [TestCase("http://[::1]/redis/", true)]
    [TestCase("https://example.test/redis/", true)]
    [TestCase("http://example.test/redis/", false)]
    public async Task OpenerPolicy_IsSaidWhereBrowsersHearIt(string address, bool isSaid)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.Headers.Contains("Cross-Origin-Opener-Policy"), Is.EqualTo(isSaid));
    }

    [Test]
    public async Task Page_NamesNothingFromElsewhereAndHasNothingInline()
    {
        await using var app = await StartAsync();

        foreach (var address in Addresses[..4])
        {
            var text = await app.Client.GetStringAsync(address);
            Assert.That(text.Replace(
                "http://www.w3.org/2000/svg", "", StringComparison.Ordinal), Does.Not.Match("https?://|@import|url\\("), address);
            Assert.That(text, Does.Not.Match("<style|<script>|style=|\\son[a-z]+=|innerHTML|eval\\("), address);
        }
    }

    [TestCase("/redis", "./redis/")]
    [TestCase("/admin/redis", "./redis/")]
    [TestCase("/admin/ein%20%22Test%22%3Cb%3E", "./ein%20%22Test%22%3Cb%3E/")]
    public async Task AddressWithoutASlash_LeadsToTheOneWith(string address, string expected)
    {
        await using var app = await StartAsync(
            pattern: address.StartsWith("/admin", StringComparison.Ordinal) ? "/admin/{name}" : "/redis");

        using var response = await app.GetAsync(address);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(response.Headers.GetValues("Location"), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task AnotherMachine_IsForbiddenAllOfIt([ValueSource(nameof(Addresses))] string address)
    {
        await using var app = await StartAsync(client: IPAddress.Parse("192.168.1.1"));

        using var response = await GetHeadersAsync(app, address);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("This page is not for you"));
    }

    [Test]
    public async Task AccessFilter_DecidesInPlaceOfTheRule()
    {
        await using var open = await StartAsync(client: IPAddress.Parse("192.168.1.1"), filter: true);
        await using var closed = await StartAsync(client: IPAddress.Loopback, filter: false);

        using var allowed = await open.GetAsync("/redis/");
        using var denied = await closed.GetAsync("/redis/");

        Assert.That((allowed.StatusCode, denied.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
    }

    [TestCase("me", false, HttpStatusCode.OK)]
    [TestCase(null, false, HttpStatusCode.Unauthorized)]
    [TestCase("me", true, HttpStatusCode.Forbidden)]
    public async Task RequireAuthorization_DecidesUnlessItIsTakenBack(string? user, bool allowsAnonymous, HttpStatusCode expected)
    {
        await using var app = await StartAsync(
            client: IPAddress.Parse("192.168.1.1"),
            conventions: page =>
            {
                page.RequireAuthorization();
                if (allowsAnonymous)
                {
                    page.AllowAnonymous();
                }
            });

        using var response = await app.GetAsync("/redis/", user is null ? [] : [("X-User", user)]);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("cross-site", "cors", HttpStatusCode.Forbidden)]
    [TestCase("cross-site", "no-cors", HttpStatusCode.Forbidden)]
    [TestCase("same-site", "cors", HttpStatusCode.Forbidden)]
    [TestCase("cross-site", "navigate", HttpStatusCode.OK)]
    [TestCase("same-origin", "cors", HttpStatusCode.OK)]
    public async Task PageFromElsewhere_ReadsNothingForWhoIsSignedIn(string site, string mode, HttpStatusCode expected)
    {
        await using var app = await StartAsync(client: IPAddress.Parse("192.168.1.1"), conventions: page => page.RequireAuthorization());

        using var response = await app.GetAsync("/redis/", ("X-User", "me"), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode));

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Flood_IsTurnedAwayForAWhile()
    {
        await using var app = await StartAsync();
        HttpStatusCode status;
        var requests = 0;
        do
        {
            using var response = await app.GetAsync("/redis/icon.svg");
            status = response.StatusCode;
            requests++;
            if (status == HttpStatusCode.TooManyRequests)
            {
                Assert.That(response.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)));
            }
        }
        while (status == HttpStatusCode.OK && requests < 100_000);

        Assert.That(status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(requests, Is.GreaterThan(60));
    }

    [Test]
    public async Task WithoutTheCore_MappingSaysSo()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapRedisResilienceDashboard(), Throws.InvalidOperationException.With.Message.Contains("AddRedisResilience"));
    }

    private static Task<HttpApp> StartAsync(
        IPAddress? client = null, string pattern = "/redis", bool? filter = null, Action<IEndpointConventionBuilder>? conventions = null) =>
            HttpApp.StartAsync(
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                var page = app.MapRedisResilienceDashboard(
                    pattern, options => options.AccessFilter = filter is { } isAllowed ? _ => new ValueTask<bool>(isAllowed) : null);
                conventions?.Invoke(page);
            },
            client: client ?? IPAddress.Loopback,
            services: services => services.AddAuthorization().AddAuthentication("test")
                .AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null));

    private static Task<HttpResponseMessage> GetHeadersAsync(HttpApp app, string address) =>
        app.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Believes what the header says.</summary>
    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Request.Headers["X-User"] is [{ Length: > 0 } name]
            ? AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test")), "test"))
            : AuthenticateResult.NoResult());
    }
}
