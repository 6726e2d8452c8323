using Microsoft.Playwright;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.BrowserTests.Browser;

/// <summary>The machine's own Chromium, started once for all tests: nothing is downloaded.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    // Without them it asks its maker's servers for this and that, which a build machine refuses.
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync"];

    private static readonly SemaphoreSlim Turn = new(1);
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>The browser; the test that asks is left out where there is none, and fails in CI.</summary>
    public static async Task<IBrowser> GetAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return _browser ??= await LaunchAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    public static async Task CloseAsync()
    {
        await (_browser?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        var program = Find();
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,

            // Its sandbox does not work for root, and the pages are our own.
            Args = Environment.UserName == "root" ? [.. Arguments, "--no-sandbox"] : Arguments,
        });
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name)))
            .FirstOrDefault(File.Exists) ?? ProgramPath.Missing("No Chromium is on PATH");
}
