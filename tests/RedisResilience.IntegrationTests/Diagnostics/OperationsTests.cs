using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Packages;

namespace RedisResilience.IntegrationTests.Diagnostics;

/// <summary>The dashboard and the alerts of the documentation, held against what the code measures, under the names that OpenTelemetry's
/// exporter gives it.</summary>
public sealed partial class OperationsTests
{
    private static readonly string Root = PackedProjects.Metadata("RepositoryRoot");
    private static readonly string Operations = Path.Combine(Root, "docs", "operations");
    private static readonly string Rules = File.ReadAllText(Path.Combine(Operations, "prometheus-rules.yml"));

    // What Prometheus itself adds.
    private static readonly string[] OwnLabels = ["job", "instance", "le", "alertname", "severity"];

    private static IEnumerable<string> Expressions =>
        AlertExpression().Matches(Rules).Select(match => match.Value).Concat(GrafanaExpressions());

    private static HashSet<string> Labels => Expressions
        .SelectMany(expression => Label().Matches(expression).Select(match => match.Groups[1].Value)
            .Concat(Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))))
        .ToHashSet();

    [Test]
    public async Task EveryMetricThatIsNamed_IsExportedUnderThatName()
    {
        var exported = await ExportAsync();
        var named = Expressions.SelectMany(expression => MetricName().Matches(expression).Select(match => match.Value))
            .Except(Labels).ToHashSet();

        Assert.That(named, Has.Count.GreaterThan(10));
        Assert.That(named.Where(name => !exported.Contains(name)), Is.Empty, string.Join('\n', exported));
    }

    [Test]
    public void EveryLabelThatIsNamed_IsATagOfTheCode()
    {
        var code = string.Concat(
            Directory.EnumerateFiles(Path.Combine(Root, "src", "RedisResilience", "Diagnostics"), "*.cs").Select(File.ReadAllText));
        var tags = Literal().Matches(code).Select(match => match.Groups[1].Value.Replace('.', '_')).Concat(OwnLabels).ToHashSet();

        Assert.That(Labels, Has.Count.GreaterThan(5));
        Assert.That(Labels.Where(label => !tags.Contains(label)), Is.Empty);
    }

    [Test]
    public void EveryReasonThatIsNamed_IsAFaultOfTheGateway() => Assert.That(
        Expressions.SelectMany(expression => Reason().Matches(expression)).SelectMany(match => match.Groups[1].Value.Split('|'))
            .Where(reason => !Enum.TryParse<Fault>(reason, out _)),
        Is.Empty);

    [Test]
    public void EveryAlert_IsExplainedOnThePage()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "operations.md"));
        var alerts = Alert().Matches(Rules).Select(match => match.Groups[1].Value).ToArray();

        Assert.That(alerts, Has.Length.GreaterThan(8));
        Assert.That(alerts.Where(alert => !page.Contains($"### {alert}\n", StringComparison.Ordinal)), Is.Empty);
        Assert.That(
            Runbook().Matches(Rules).Select(match => match.Groups[1].Value), Is.EqualTo(alerts.Select(alert => alert.ToLowerInvariant())));
    }

    /// <summary>The names that Prometheus is given for all instruments of the library: of ones of the same kind and unit, each with a
    /// measurement.</summary>
    private static async Task<HashSet<string>> ExportAsync()
    {
        using var copies = new Meter("RedisResilience.Names");
        var instruments = Instruments();
        Assert.That(instruments, Has.Count.GreaterThan(10));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = Sdk.CreateMeterProviderBuilder().AddMeter(copies.Name).AddPrometheusExporter().Build();
        builder.Services.AddSingleton(provider);
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync();
        foreach (var instrument in instruments)
        {
            Measure(copies, instrument);
        }

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var text = await client.GetStringAsync("/metrics");
        return [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0])];
    }

    private static List<Instrument> Instruments()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "RedisResilience" && instrument.GetType().Assembly == typeof(Meter).Assembly)
                {
                    found.Add(instrument);
                }
            },
        };
        listener.Start();

        // An instrument is there once the class that has it is used.
        foreach (
            var type in typeof(IRedisStatus).Assembly.GetTypes().Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal)))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        return [.. found.DistinctBy(instrument => instrument.Name)];
    }

    private static void Measure(Meter meter, Instrument instrument)
    {
        switch (instrument)
        {
            case Counter<long>:
                meter.CreateCounter<long>(instrument.Name, instrument.Unit).Add(1);
                break;
            case Histogram<double>:
                meter.CreateHistogram<double>(instrument.Name, instrument.Unit).Record(1);
                break;
            case ObservableGauge<long>:
                meter.CreateObservableGauge(instrument.Name, () => 1L, instrument.Unit);
                break;
            case ObservableUpDownCounter<long>:
                meter.CreateObservableUpDownCounter(instrument.Name, () => 1L, instrument.Unit);
                break;
            case UpDownCounter<long>:
                meter.CreateUpDownCounter<long>(instrument.Name, instrument.Unit).Add(1);
                break;
            default:
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture, $"{instrument.Name} is a {instrument.GetType()}, which this test does not know."));
                break;
        }
    }

    private static IEnumerable<string> GrafanaExpressions()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Operations, "grafana.json")));
        return [.. Strings(document.RootElement).Where(
            text => text.Contains("redis_resilience_", StringComparison.Ordinal) || text.Contains("db_client_", StringComparison.Ordinal))];
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    [GeneratedRegex("(?<=expr:)(?s).*?(?=\n +(for|labels|- )|\n\n)")]
    private static partial Regex AlertExpression();

    // Names with a colon are the rules' own.
    [GeneratedRegex("(?<![:\\w])(redis_resilience|db_client)_\\w+(?!:)\\b")]
    private static partial Regex MetricName();

    [GeneratedRegex("[{,]\\s*(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"")]
    private static partial Regex Label();

    [GeneratedRegex("\\bby \\(([^)]+)\\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("reason=~?\"([^\"]+)\"")]
    private static partial Regex Reason();

    [GeneratedRegex("\"([a-z][a-z_.]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex("runbook: docs/operations\\.md#(\\w+)")]
    private static partial Regex Runbook();
}
