using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Tests.AspNetCore;

namespace RedisResilience.Tests.Dashboard.Serving;

/// <summary>What a page is told.</summary>
internal sealed class EventStreamTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>\n\ndata: {}\n\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Stream_BeginsWithAllAndGoesOnWithEachSecond()
    {
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(), client: IPAddress.Loopback);
        using var ending = new CancellationTokenSource(Patience);
        await using var stream = await app.Client.GetStreamAsync("/redis/events", ending.Token);

        var events = await FirstAsync(stream, 3, ending.Token);

        Assert.That(events.Select(item => item.EventType), Is.EqualTo(new[] { "first", "second", "second" }));
        var first = JsonDocument.Parse(events[0].Data).RootElement;
        Assert.That(first.GetProperty("about").GetProperty("maximumLoads").GetInt32(), Is.EqualTo(256));
        Assert.That(first.GetProperty("live").GetProperty("state").GetString(), Is.EqualTo("available"));
        Assert.That(first.GetProperty("seconds").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(JsonDocument.Parse(events[1].Data).RootElement.GetProperty("second").GetProperty("availability").GetString(), Is
            .EqualTo("Available"));
    }

    [Test]
    public async Task TextOfOthers_StaysText()
    {
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(),
            client: IPAddress.Loopback,
            services: services =>
            {
                services.AddSingleton(Mock.Of<IRedisStatus>(status =>
                    status.Current == new RedisStatus { Availability = RedisAvailability.Unavailable, Reason = Hostile }));
                services.AddSingleton(Mock.Of<ICacheUsage>(usage => usage.Namespaces == new[] { new NamespaceUsage(Hostile, 1, 1) }));
            });
        using var ending = new CancellationTokenSource(Patience);
        await using var stream = await app.Client.GetStreamAsync("/redis/events", ending.Token);

        var first = (await FirstAsync(stream, 1, ending.Token))[0];

        Assert.That(first.Data, Does.Not.Contain("<").And.Not.Contain("\n"));
        var live = JsonDocument.Parse(first.Data).RootElement.GetProperty("live");
        Assert.That(live.GetProperty("reason").GetString(), Is.EqualTo(Hostile));
        Assert.That(live.GetProperty("namespaces")[0].GetProperty("namespace").GetString(), Is.EqualTo(Hostile));
    }

    [Test]
    public async Task FurtherServers_AreToldByName()
    {
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(),
            client: IPAddress.Loopback,
            services: services => services.AddKeyedSingleton("sessions", Mock.Of<IRedisStatus>(status =>
                status.Current == new RedisStatus { Availability = RedisAvailability.Unavailable, Name = "sessions", Reason = Hostile })));
        using var ending = new CancellationTokenSource(Patience);
        await using var stream = await app.Client.GetStreamAsync("/redis/events", ending.Token);

        var first = (await FirstAsync(stream, 1, ending.Token))[0];

        var servers = JsonDocument.Parse(first.Data).RootElement.GetProperty("live").GetProperty("servers");
        Assert.That(servers.GetArrayLength(), Is.EqualTo(1));
        Assert.That(servers[0].GetProperty("name").GetString(), Is.EqualTo("sessions"));
        Assert.That(servers[0].GetProperty("state").GetString(), Is.EqualTo("unavailable"));
        Assert.That(servers[0].GetProperty("reason").GetString(), Is.EqualTo(Hostile));
    }

    [Test]
    public async Task TransitionOfAFurtherServer_IsNotTakenForOneOfTheFirst()
    {
        var time = new FakeTimeProvider();
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(),
            client: IPAddress.Loopback,
            services: services => services.AddSingleton<TimeProvider>(time));
        time.Advance(TimeSpan.FromMinutes(5));
        CircuitMetrics.RecordClosed(ServerIdentity.Of("sessions", [new DnsEndPoint("cache", 6379)], 0), outage: null);
        using var ending = new CancellationTokenSource(Patience);
        await using var stream = await app.Client.GetStreamAsync("/redis/events", ending.Token);

        var first = (await FirstAsync(stream, 1, ending.Token))[0];

        var live = JsonDocument.Parse(first.Data).RootElement.GetProperty("live");
        Assert.That(live.GetProperty("name").GetString(), Is.Empty);
        Assert.That(
            live.GetProperty("transitions").EnumerateArray().Select(transition => transition.GetProperty("server").GetString()),
            Does.Contain("sessions"));
        Assert.That(live.GetProperty("since").GetInt64(), Is.EqualTo(time.GetUtcNow().AddMinutes(-5).ToUnixTimeMilliseconds()));
    }

    [Test]
    public async Task MoreThanSixteenPages_AreToldToComeAgain()
    {
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(), client: IPAddress.Loopback);
        var open = new List<HttpResponseMessage>();
        for (var page = 0; page < 16; page++)
        {
            open.Add(await app.Client.GetAsync("/redis/events", HttpCompletionOption.ResponseHeadersRead));
        }

        using var refused = await app.Client.GetAsync("/redis/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.That(open.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That((refused.StatusCode, refused.Headers.RetryAfter?.Delta), Is.EqualTo(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10))));
        open.ForEach(response => response.Dispose());
    }

    private static async Task<SseItem<string>[]> FirstAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var events = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            events.Add(item);
            if (events.Count == count)
            {
                break;
            }
        }

        return [.. events];
    }
}
