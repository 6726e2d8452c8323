using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.Registration;

/// <summary>Policies that a configuration section says: what they become, which endpoints they hold for, and what is wrong with
/// them.</summary>
public sealed class ConfiguredPolicyTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");

    private static IEnumerable<TestCaseData> Kinds()
    {
        var hour = TimeSpan.FromHours(1);
        yield return new TestCaseData("Permits=5", RateLimit.FixedWindow(5, hour));
        yield return new TestCaseData("Kind=slidingwindow;Permits=5;Window=00:01:00;Segments=6", RateLimit.SlidingWindow(5, hour / 60, 6));
        yield return new TestCaseData("Kind=SlidingLog;Permits=5", RateLimit.SlidingLog(5, hour));
        yield return new TestCaseData("Kind=TokenBucket;Permits=5;Burst=9", RateLimit.TokenBucket(5, hour, 9));
        yield return new TestCaseData("Kind=Concurrency;Permits=5", RateLimit.Concurrency(5));
        yield return new TestCaseData("Kind=CalendarDay;Permits=5", RateLimit.CalendarWindow(5, CalendarPeriod.Day));
        var month = RateLimit.CalendarWindow(5, CalendarPeriod.Month, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        yield return new TestCaseData(
            "Kind=CalendarMonth;Permits=5;TimeZone=Europe/Berlin;FailurePolicy=deny", month with { FailurePolicy = FailurePolicy.Deny });
        yield return new TestCaseData(
            "Permits=5;Limits:0:Kind=TokenBucket;Limits:0:Permits=1;Limits:0:Window=00:00:01;Limits:0:Name=burst",
            RateLimit.All(RateLimit.FixedWindow(5, hour), RateLimit.TokenBucket(1, TimeSpan.FromSeconds(1)) with { Name = "burst" }));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Section_BecomesTheLimitThatItSays(string settings, RateLimit limit)
    {
        await using var app = await StartAsync(Section(settings), app => app.MapGet("/", () => "").RequireRateLimit("some"));

        await app.GetAsync("/");

        Assert.That(app.Limiter.Asked.Single().Limit, Is.EqualTo(limit with { Name = "some" }));
    }

    [TestCase("Key=Header:X-Tenant;Permits=5", "its hash")]
    [TestCase("Key=RouteValue:id;Permits=5", "seven")]
    [TestCase("Key=address;Permits=5", "192.0.2.7")]
    [TestCase("Key=User;Permits=5", "address:192.0.2.7")]
    public async Task Key_IsWhatTheSectionSays(string settings, string expected)
    {
        await using var app = await StartAsync(Section(settings), app => app.MapGet("/{id}", () => "").RequireRateLimit("some"));

        await app.GetAsync("/seven", ("X-Tenant", "tenant"));

        Assert.That(app.Limiter.Asked.Single().Key, Is.EqualTo(
            expected == "its hash" ? PartitionKey.Hash("tenant") : expected));
    }

    [TestCase("Permits=5;Cost=3", 3)]
    [TestCase("Permits=5;ExemptAddresses:0=192.0.2.0/24", null)]
    public async Task CostAndExemptions_AreTheSections(string settings, int? permits)
    {
        await using var app = await StartAsync(Section(settings), app => app.MapGet("/", () => "").RequireRateLimit("some"));

        await app.GetAsync("/");

        Assert.That(app.Limiter.Asked.Select(asked => asked.Permits), Is.EqualTo(permits is { } cost ? new[] { cost } : []));
    }

    [TestCase("/orders/{id}", "GET /orders/1", "POST /orders/1")]
    [TestCase("GET /orders/{number}", "GET /orders/1")]
    [TestCase("/ORDERS/*", "GET /orders/1", "POST /orders/1", "GET /orders/all")]
    [TestCase("/orders/all", "GET /orders/all")]
    [TestCase("/orders/**", "GET /orders", "GET /orders/1", "POST /orders/1", "GET /orders/all", "GET /orders/1/lines/2")]
    [TestCase("/**", "GET /", "GET /orders", "GET /orders/1", "POST /orders/1", "GET /orders/all", "GET /orders/1/lines/2")]
    public async Task Pattern_GivesItsEndpointsThePolicy(string pattern, params string[] limited)
    {
        string[] all = ["GET /", "GET /orders", "GET /orders/1", "POST /orders/1", "GET /orders/all", "GET /orders/1/lines/2"];
        await using var app = await StartAsync(Section($"Permits=5;Endpoints:0={pattern}"), app =>
        {
            app.MapGet("/", () => "");
            app.MapGet("/orders", () => "");
            app.MapGet("/orders/{id:int}", () => "");
            app.MapPost("/orders/{id:int}", () => "");
            app.MapGet("/orders/all", () => "");
            app.MapGet("/orders/{id}/lines/{line}", () => "");
        });

        foreach (var request in all)
        {
            var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
            var before = app.Limiter.Asked.Count;
            await app.SendAsync(new HttpMethod(method), path);
            Assert.That(app.Limiter.Asked.Count > before, Is.EqualTo(limited.Contains(request)), request);
        }
    }

    [Test]
    public async Task EndpointsOwnWord_GoesBeforeThePatterns()
    {
        await using var app = await StartAsync(Section("Permits=5;Endpoints:0=/**"), app =>
        {
            app.MapGet("/free", () => "").DisableRateLimit();
            app.MapGet("/dear", () => "").RequireRateLimit("some", cost: 4);
        });

        await app.GetAsync("/free");
        await app.GetAsync("/dear");

        Assert.That(app.Limiter.Asked.Select(asked => asked.Permits), Is.EqualTo(new[] { 4 }));
    }

    [TestCase("Http:Policies:some:Permit=5", "Http:Policies:some:Permit: 'Permit' is not the name of a setting. There are:", "Permits")]
    [TestCase("Http:Policy:some:Permits=5", "Http:Policy: 'Policy' is not the name", "Policies")]
    [TestCase("Http:Permit=5", "Http:Permit: 'Permit' is not the name of a setting", "Permits")]
    [TestCase("Http:Permits=many", "Http:Permits is 'many'; it must be a whole number")]
    [TestCase("Http:Permits=0", "Http:Permits", "must be at least 1; it is '0'")]
    [TestCase("Http:Window=soon", "Http:Window is 'soon'; it must be a time such as 00:01:00")]
    [TestCase("Http:SendRateLimitFields=no", "Http:SendRateLimitFields is 'no'; it must be true or false")]
    [TestCase("Http:Policies:some:Kind=Fixed", "Http:Policies:some: Kind is 'Fixed'; it must be one of FixedWindow, SlidingWindow")]
    [TestCase("Http:Policies:some:Cost=2", "Http:Policies:some: permits ('0') must be greater than or equal to '1'")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Window=-00:00:01", "Http:Policies:some: ", "window")]
    [TestCase(
        "Http:Policies:some:Permits=1;Http:Policies:some:FailurePolicy=Denied",
        "Http:Policies:some:FailurePolicy is 'Denied'; it must be one of Allow, Deny, Local")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Key=Usr", "Key is 'Usr'; it must be Address, User")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Key=Claim:", "Key is 'Claim:'; it must be")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:ExemptAddresses:0=10", "'10' is neither an address nor a network")]
    [TestCase(
        "Http:Policies:some:Permits=1;Http:Policies:some:Kind=CalendarDay;Http:Policies:some:TimeZone=Mars", "TimeZone is 'Mars'")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Endpoints:0=login", "Endpoints has 'login'; each must be a route")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Endpoints:0=/**/a", "Endpoints has '/**/a'")]
    [TestCase("Http:Policies:so me:Permits=1", "Http:Policies:so me: A limit's name has only")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Limits:0:Permit=1", "Http:Policies:some:Limits:0:Permit: 'Permit' is not")]
    [TestCase(
        "Http:Policies:some:Permits=1;Http:Policies:some:Endpoints=/login", "Http:Policies:some:Endpoints is '/login'; it must be a list")]
    [TestCase("Http:ExemptAddresses=10.0.0.0/8", "Http:ExemptAddresses is '10.0.0.0/8'; it must be a list")]
    [TestCase("Http:Policies=login", "Http:Policies is 'login'; it must be a section")]
    [TestCase("Http:Policies:some=5", "Http:Policies:some is '5'; it must be a section")]
    [TestCase("Http:Permits:0=5", "Http:Permits has settings of its own; it must be a whole number")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Window:Hours=1", "Http:Policies:some:Window has settings of its own")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:FailurePolicy=7", "FailurePolicy is '7'; it must be one of Allow, Deny")]
    [TestCase("Http:Policies:some:Permits=1;Http:Policies:some:Cost=-1", "Http:Policies:some: Cost is '-1'; it must be at least 0")]
    public async Task WrongSetting_StopsTheStartAndSaysWhatIsAllowed(string settings, params string[] told)
    {
        var section = Configuration(settings).GetSection("Http");

        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            async () => await HttpApp.StartAsync(app => app.MapGet("/", () => ""), section: section));

        foreach (var text in told)
        {
            Assert.That(error!.Message, Does.Contain(text));
        }
    }

    [Test]
    public void PatternOfNoEndpoint_StopsTheStart() => Assert.That(
        async () => await StartAsync(Section("Permits=5;Endpoints:0=/logn"), app => app.MapGet("/login", () => "")),
        Throws.InvalidOperationException.With.Message.Contains("'some'").And.Message.Contains("'/logn'").And.Message.Contains("/login"));

    [Test]
    public void CoresSection_MayBeTheSame()
    {
        var section = Configuration("Http:KeyPrefix=a:;Http:ConnectionString=;Http:Ttl=00:00:05").GetSection("Http");
        var services = new ServiceCollection();
        services.AddRedisResilience(section).AddHttp(section);
        using var provider = services.BuildServiceProvider();

        Assert.That(
            provider.GetRequiredService<IOptions<RedisResilience.AspNetCore.RedisResilienceHttpOptions>>().Value.TimeToLive,
            Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task ChangedSection_HoldsFromTheNextRequestUnlessItIsNotValid()
    {
        var configuration = Configuration("Http:Policies:some:Permits=5;Http:Policies:some:Endpoints:0=/a");
        await using var app = await StartAsync(configuration.GetSection("Http"), app =>
        {
            app.MapGet("/a", () => "");
            app.MapGet("/b", () => "");
        });

        Assert.That(await PoliciesAsync(), Is.EqualTo(("\"some\";q=5;w=3600", (string?)null)));
        Change("Permits", "7");
        Change("Endpoints:1", "/b");
        Assert.That(await PoliciesAsync(), Is.EqualTo(("\"some\";q=7;w=3600", "\"some\";q=7;w=3600")));
        foreach (var (name, value) in new[] { ("Permits", "none"), ("Permit", "1"), ("Kind", "Odd"), ("Endpoints:1", "/c") })
        {
            var earlier = configuration[$"Http:Policies:some:{name}"];
            Change(name, value);
            Assert.That((await PoliciesAsync()).First, Is.EqualTo("\"some\";q=7;w=3600"), name);
            Change(name, earlier);
        }

        void Change(string name, string? value)
        {
            configuration[$"Http:Policies:some:{name}"] = value;
            configuration.Reload();
        }

        async Task<(string? First, string? Second)> PoliciesAsync() =>
            ((await app.GetAsync("/a")).Field("RateLimit-Policy"), (await app.GetAsync("/b")).Field("RateLimit-Policy"));
    }

    [Test]
    public async Task ChangeThatTakesAnEndpointsPolicyAway_ChangesNothing()
    {
        var configuration = Configuration("Http:Policies:some:Permits=5;Http:Policies:other:Permits=1");
        await using var app = await StartAsync(
            configuration.GetSection("Http"), app => app.MapGet("/", () => "").RequireRateLimit("some"));

        configuration["Http:Policies:some:Permits"] = null;
        configuration.Reload();

        Assert.That((await app.GetAsync("/")).Field("RateLimit-Policy"), Is.EqualTo("\"some\";q=5;w=3600"));
    }

    private static Task<HttpApp> StartAsync(IConfiguration section, Action<WebApplication> endpoints) =>
        HttpApp.StartAsync(endpoints, section: section, client: Client);

    private static IConfigurationSection Section(string settings) => Configuration(
        string.Join(';', settings.Split(';').Select(setting => $"Http:Policies:some:{setting}"))).GetSection("Http");

    private static IConfigurationRoot Configuration(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';').Select(setting => setting.Split('=', 2))
            .Select(setting => KeyValuePair.Create(setting[0], (string?)setting[1])))
        .Build();
}
