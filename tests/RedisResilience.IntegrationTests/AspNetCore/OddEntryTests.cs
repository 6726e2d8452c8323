using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore;
using RedisResilience.Caching;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>Entries that another program has written, with right checksums and odd contents, through the platform's own web server: each
/// is a miss and replaced, or harmless. None is an error, and none makes a client wait.</summary>
internal sealed class OddEntryTests
{
    private const string Key = "odd:v1:x";
    private const int TooMuch = 200 * 1024 * 1024;

    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("stored");
    private static readonly Lazy<byte[]> Bomb = new(static () => Coded(new byte[TooMuch]));

    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private InMemoryResponseCache _cache = null!;

    private static IEnumerable<TestCaseData> Entries()
    {
        foreach (var status in new[] { 100, 101, 199, 204, 205, 206, 304, 416, 600, 999 })
        {
            yield return Case($"status {status}", Annotated($"{status}\n"));
        }

        foreach (var field in new[]
        {
            "trailer: x", "te: x", "upgrade: websocket", "keep-alive: 1", "proxy-connection: close", "content-encoding: br",
            "content-encoding: x", "content-range: bytes 0-1/9", "content-type: a/b", "vary: *", "vary: ,", "age: -1",
            "age: 99999999999999999999999", "age: x", "date: x", "expires: x", "expires: 0", "cache-control: \"",
            "cache-control: max-age=x",
            "etag: x", "last-modified: x", "location: //evil", "set-cookie: a=b", "cache-status: x", ":vary: ", ":vary: a", ":vary: a b c",
            ":of: ", ":x: y", "a:  ", "server: x", "connection: close", "www-authenticate: x", "alt-svc: x",
        })
        {
            yield return Case(field, Annotated($"200\n{field}\n"));
            yield return Case($"404 {field}", Annotated($"404\n{field}\n"));
        }

        foreach (var tag in new[] { "x", "\"", "W/", "W/\"", "\"a", "a\"", " ", "\"a\"b\"", "*", "\"a\", \"b\"", "\"\"" })
        {
            yield return Case($"tag {tag}", new SourceResponse(Text) { ETag = tag });
            yield return Case(
                $"coded, tag {tag}", new SourceResponse(Coded(Text)) { ETag = tag, ContentEncoding = ContentEncoding.Brotli });
        }

        foreach (var type in new[] { "x", "/", ";", "text/html;;", " ", "text/html; charset=\"" })
        {
            yield return Case($"type {type}", new SourceResponse(Text) { ContentType = type });
        }

        foreach (var length in new[] { 0, 1, 100, int.MaxValue })
        {
            foreach (var coding in new[] { ContentEncoding.Brotli, ContentEncoding.Gzip })
            {
                yield return Case(
                    $"{coding} that is none, of {length}", new SourceResponse(Text) { ContentEncoding = coding, OriginalLength = length });
                yield return Case(
                    $"nothing in {coding}, of {length}", new SourceResponse(default) { ContentEncoding = coding, OriginalLength = length });
            }

            yield return new TestCaseData(() => new SourceResponse(Bomb.Value)
            {
                ContentEncoding = ContentEncoding.Brotli,
                OriginalLength = length,
            }).SetArgDisplayNames($"far too much, of {length}");
        }

        static TestCaseData Case(string name, SourceResponse response) => new TestCaseData(() => response).SetArgDisplayNames(name);
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _cache = new InMemoryResponseCache();
        builder.Services.AddSingleton<IResponseCache>(_cache);
        builder.Services.AddRedisResilience((string?)null).AddHttp();
        builder.Services.AddSingleton<IResponseCache>(_cache);
        _app = builder.Build();
        _app.UseRedisResilience();
        _app.MapGet("/{x}", static (string x) => Results.Text($"own {x}")).CacheResponse("odd:v1:{x}");
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [TestCaseSource(nameof(Entries))]
    public async Task OddEntry_IsReplacedOrHarmless(Func<SourceResponse> entry)
    {
        foreach (var accepted in new[] { "", "br, gzip" })
        {
            foreach (var (name, value) in new[] { ("X-None", "1"), ("If-None-Match", "\"x\""), ("Range", "bytes=0-1"), ("If-Range", "\"") })
            {
                Assert.That(await _cache.SetAsync(Key, entry(), Minute), Is.True);
                using var request = new HttpRequestMessage(HttpMethod.Get, "/x");
                request.Headers.TryAddWithoutValidation(name, value);
                if (accepted.Length > 0)
                {
                    request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
                }

                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var body = await ReadAsync(response);
                Assert.That(
                    (int)response.StatusCode, Is.AnyOf(200, 206, 304, 404, 416), $"{name}, {accepted}: {response.Headers}");
                Assert.That(body, Is.LessThan(TooMuch / 2), $"{name}, {accepted}");
            }
        }
    }

    private static async Task<long> ReadAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        var length = 0L;
        for (var read = 1; read > 0 && length < TooMuch; length += read)
        {
            read = await stream.ReadAsync(buffer);
        }

        return length;
    }

    private static SourceResponse Annotated(string lines) => new(Text) { Annotation = Encoding.ASCII.GetBytes(lines) };

    private static byte[] Coded(byte[] body)
    {
        using var coded = new MemoryStream();
        using (var coder = new BrotliStream(coded, CompressionLevel.Fastest))
        {
            coder.Write(body);
        }

        return coded.ToArray();
    }
}
