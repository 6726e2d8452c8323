using System.Collections.Concurrent;
using System.Diagnostics;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RedisResilience.BrowserTests.Browser;

/// <summary>A page in a fresh profile, and all that its browser complains about: errors, refused content, requests to other
/// hosts.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private const string PictureFolder = "REDISRESILIENCE_PICTURES";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly IBrowserContext _context;

    private WatchedPage(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"error: {error}");
        page.Dialog += (_, dialog) => Note(true, $"dialog: {dialog.Message}");
        page.Request += (_, request) => Note(new Uri(request.Url).Authority != address.Authority, $"a request to {request.Url}");
    }

    /// <summary>Whether the pictures are to be those of the documentation.</summary>
    public static bool IsForDocumentation => Environment.GetEnvironmentVariable(PictureFolder) is not null;

    public IPage Page { get; }

    /// <summary>What was wrong so far.</summary>
    public IEnumerable<string> Complaints => _complaints;

    public static async Task<WatchedPage> OpenAsync(
        Uri address, ColorScheme scheme = ColorScheme.Light, int width = 1360, int height = 900, bool isTouched = false)
    {
        var browser = await Chromium.GetAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = isTouched,
            IsMobile = isTouched,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(30_000);
        var page = new WatchedPage(context, await context.NewPageAsync(), address);
        await page.Page.GotoAsync(address.ToString());
        return page;
    }

    public ILocator Find(string selector) => Page.Locator(selector);

    public Task<string> TextAsync(string selector) => Find(selector).InnerTextAsync();

    /// <summary>Waits until a condition, in the page's own language, holds. Asked from outside: the page's policy forbids itself to
    /// evaluate text.</summary>
    public async Task UntilAsync(string condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await Page.EvaluateAsync<bool>($"Boolean({condition})"))
        {
            Assert.That(Stopwatch.GetElapsedTime(
                began), Is.LessThan(Patience), $"{condition}\n{string.Join('\n', _complaints)}\n{await Page.InnerTextAsync("body")}");
            await Task.Delay(Breath, TimeProvider.System);
        }
    }

    /// <summary>How far the page is wider than its window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");

    /// <summary>What axe-core finds, each finding with the elements that it is about.</summary>
    public async Task<string[]> AxeAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.That(result.Passes, Is.Not.Empty, "it has looked at nothing");
        return [.. result.Violations.Select(
            violation => $"{violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(node => $"    {node.Html}"))}")];
    }

    /// <summary>Takes a picture of it: for the documentation where that is asked for, else beside the test results.</summary>
    public async Task PictureAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable(
            PictureFolder) ?? Path.Combine(TestContext.CurrentContext.WorkDirectory, "artifacts", "pictures");
        await Page.Mouse.MoveAsync(0, 0);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Note(bool isWrong, string complaint)
    {
        if (isWrong)
        {
            _complaints.Enqueue(complaint);
        }
    }
}
