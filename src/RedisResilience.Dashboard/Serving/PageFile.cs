using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Serving;

/// <summary>A file of the page, from within the assembly.</summary>
internal sealed class PageFile(string name, string contentType)
{
    private readonly ReadOnlyMemory<byte> _content = Read(name);

    public static PageFile[] Parts { get; } =
    [
        new("dashboard.css", "text/css; charset=utf-8"),
        new("dashboard.js", "text/javascript; charset=utf-8"),
        new("icon.svg", "image/svg+xml"),
    ];

    public static PageFile Page { get; } = new("dashboard.html", "text/html; charset=utf-8");

    public string Name => name;

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = _content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(_content, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(
            name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
