using System.Diagnostics;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.HttpCacheSuite;

/// <summary>
/// The public suite of HTTP caches (npm package <c>http-cache-tests</c>): its origin, on a free port, and its client. A test puts a cache
/// between the two.
/// </summary>
internal sealed class HttpCacheSuite : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder;
    private readonly Process _origin;
    private readonly string _pidFile;

    private HttpCacheSuite(string folder, Process origin, Uri address, string pidFile) =>
        (_folder, _origin, Origin, _pidFile) = (folder, origin, address, pidFile);

    /// <summary>Where the suite's origin listens.</summary>
    public Uri Origin { get; }

    /// <summary>Starts the origin. A test is ignored where Node or the suite is missing, and fails there in CI.</summary>
    /// <param name="repository">The root of this repository.</param>
    public static async Task<HttpCacheSuite> StartAsync(string repository)
    {
        var folder = Path.Combine(repository, "tests", "http-cache-suite");
        if (!IsNodeThere() || !Directory.Exists(Path.Combine(folder, "node_modules", "http-cache-tests")))
        {
            Missing();
        }

        var port = FreePort.Next();
        var pidFile = Path.Combine(Path.GetTempPath(), $"http-cache-suite-{port}.pid");
        var start = Node(
            folder, "server/server.mjs", ("npm_config_protocol", "http"), ("npm_config_port", $"{port}"), ("npm_config_pidfile", pidFile));
        var origin = await RunningServers.StartAsync(start, "Listening on");
        return new HttpCacheSuite(folder, origin, new Uri($"http://127.0.0.1:{port}"), pidFile);
    }

    /// <summary>Runs all tests against a cache.</summary>
    /// <param name="cache">Where the cache listens that stands before <see cref="Origin"/>.</param>
    public async Task<SuiteResults> RunAsync(Uri cache)
    {
        var kinds = await ReadAsync(
            new ProcessStartInfo("node", ["--no-warnings", Path.Combine(_folder, "kinds.mjs")]) { WorkingDirectory = _folder });
        var results = await ReadAsync(
            Node(_folder, "cli.mjs", ("npm_config_base", cache.GetLeftPart(UriPartial.Authority)), ("npm_package_config_id", "")));
        return SuiteResults.Read(kinds, results);
    }

    public void Dispose()
    {
        if (!_origin.HasExited)
        {
            _origin.Kill();
        }

        _origin.Dispose();
        File.Delete(_pidFile);
    }

    private static ProcessStartInfo Node(string folder, string script, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("node", ["--no-warnings", script])
        {
            WorkingDirectory = Path.Combine(folder, "node_modules", "http-cache-tests"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // The suite may say other things before its results.
    private static async Task<JsonDocument> ReadAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        RunningServers.Add(process);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        var begin = output.StartsWith('{') ? 0 : output.IndexOf("\n{", StringComparison.Ordinal);
        Assert.That(begin, Is.GreaterThanOrEqualTo(0), $"No results: {output}");
        return JsonDocument.Parse(output[begin..]);
    }

    private static bool IsNodeThere() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));

    private static void Missing()
    {
        const string What = "The suite of HTTP caches is not installed: it takes Node, and `npm ci` in tests/http-cache-suite";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{What}.");
        }

        Assert.Ignore($"{What}. Its tests are left out.");
    }
}
