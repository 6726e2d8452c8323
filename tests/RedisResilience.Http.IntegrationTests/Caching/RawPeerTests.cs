using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Http.IntegrationTests.Servers;
using RedisResilience.Tests;

namespace RedisResilience.Http.IntegrationTests.Caching;

/// <summary>The cache over a real socket, with another side that breaks the protocol: nothing of that is stored or does harm.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RawPeerTests : IAsyncDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n";
    private const string Good = Ok + "Content-Length: 4\r\n\r\ngood";

    // Stale as it comes, and to be asked about.
    private const string Stale =
        "HTTP/1.1 200 OK\r\nCache-Control: max-age=10\r\nAge: 10\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nstale";

    private readonly RawPeer _peer = new();
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;

    public RawPeerTests()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("peer", client => (client.BaseAddress, client.Timeout) = (_peer.Address, TimeSpan.FromSeconds(60)))
            .AddRedisResilienceCache(cache => cache.Store = provider => new InMemoryResponseCache(TimeProvider.System));
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("peer");
    }

    private static IEnumerable<TestCaseData> BrokenHeads() => Cases(
        ("nothing", ""),
        ("no HTTP", "220 ready\r\n\r\n"),
        ("half a head", Ok),
        ("a field without a name", Ok + ": x\r\n\r\n"),
        ("an impossible status", "HTTP/1.1 9999 OK\r\nContent-Length: 0\r\n\r\n"));

    private static IEnumerable<TestCaseData> BrokenBodies() => Cases(
        ("shorter than its length", Ok + "Content-Length: 100\r\n\r\nshort"),
        ("a chunk that breaks off", Ok + "Transfer-Encoding: chunked\r\n\r\n64\r\nshort"),
        ("chunks without an end", Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"),
        ("a chunk of no size", Ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n"),
        ("a chunk of a gigantic size", Ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nshort\r\n0\r\n\r\n"));

    // Nobody asks for a part.
    private static IEnumerable<TestCaseData> Parts() => Cases(
        ("a part", Part("Content-Range: bytes 0-3/4")),
        ("a part of no range", Part("Content-Range: nonsense")));

    [TestCaseSource(nameof(BrokenHeads))]
    [TestCaseSource(nameof(BrokenBodies))]
    public async Task BrokenResponse_IsTold_AndNotStored(string response)
    {
        _peer.Answers(response);
        Assert.That(GetAsync, Throws.InstanceOf<HttpRequestException>());
        _peer.Answers(Good);

        Assert.That(await GetAsync(), Is.EqualTo("good"));

        // A response is given before it is stored.
        await Eventually.BecomesTrueAsync(async () =>
        {
            var asked = _peer.Heads.Count;
            return await GetAsync() == "good" && _peer.Heads.Count == asked;
        });
    }

    // HttpClient reads to the end of the connection.
    [TestCase("Content-Length: 4\r\nContent-Length: 5")]
    [TestCase("Content-Length: -4")]
    [TestCase("Content-Length: 4x")]
    public async Task LengthThatIsNone_IsNotStored(string length)
    {
        _peer.Answers($"{Ok}{length}\r\n\r\nbody");
        await _client.GetAsync(new Uri("/", UriKind.Relative));
        _peer.Answers(Good);

        Assert.That(await GetAsync(), Is.EqualTo("good"));
    }

    [TestCaseSource(nameof(BrokenHeads))]
    public async Task BrokenHead_LetsTheStaleResponseBeServed(string response)
    {
        await StoreStaleAsync();
        _peer.Answers(response);

        Assert.That(await GetAsync(), Is.EqualTo("stale"));
    }

    [TestCaseSource(nameof(BrokenBodies))]
    [TestCaseSource(nameof(Parts))]
    public async Task BrokenBody_LetsTheStaleResponseBeServed(string response)
    {
        await StoreStaleAsync();
        _peer.Answers(response);
        Assert.That(await GetAsync(), Is.EqualTo("stale"));
        _peer.Answers("");

        Assert.That(await GetAsync(), Is.EqualTo("stale"));
    }

    [Test]
    public async Task HeadersWithoutEnd_EndTheRequest_AndTheStaleResponseIsServed()
    {
        _peer.AnswersWithoutEnd(Ok, $"X-More: {new string('x', 1000)}\r\n");
        Assert.That(GetAsync, Throws.InstanceOf<HttpRequestException>());
        await StoreStaleAsync();
        _peer.AnswersWithoutEnd(Ok, $"X-More: {new string('x', 1000)}\r\n");

        Assert.That(await GetAsync(), Is.EqualTo("stale"));
    }

    [Test]
    public async Task BodyWithoutEnd_IsReadAsItComes_AndNotHeld()
    {
        const int Read = 8 * 1024 * 1024;
        _peer.AnswersWithoutEnd(Ok + "\r\n", new string('x', 10_000));
        using (var response = await _client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var buffer = new byte[64 * 1024];
            for (var read = 0; read < Read; read += buffer.Length)
            {
                await body.ReadExactlyAsync(buffer);
            }

            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(Read / 2));
        }

        _peer.Answers(Good);
        Assert.That(await GetAsync(), Is.EqualTo("good"));
    }

    [Test]
    public async Task BodyThatIsLongerThanItsLength_IsCutThere_AndSpoilsNoOther()
    {
        _peer.Answers(Good + "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 4\r\n\r\nevil");
        Assert.That(await GetAsync(), Is.EqualTo("good"));
        _peer.Answers(Good);

        Assert.That(await _client.GetStringAsync(new Uri("/other", UriKind.Relative)), Is.EqualTo("good"));
    }

    [TestCase("Content-Range: bytes 0-3/4")]
    [TestCase("Content-Range: bytes 0-99/100")]
    [TestCase("Content-Range: bytes 3-0/4")]
    [TestCase("Content-Range: nonsense")]
    [TestCase("X-No-Range: 1")]
    public async Task PartThatLies_IsPassedOnAndNeverTakenForTheWhole(string range)
    {
        _peer.Answers(Part(range));
        foreach (var asksForPart in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Range = asksForPart ? new(0, 3) : null;
            using var response = await _client.SendAsync(request);
            Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((206, "lies")));
        }

        _peer.Answers(Good);
        Assert.That((await GetAsync(), _peer.Heads.Count), Is.EqualTo(("good", 3)));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
        await _peer.DisposeAsync();
    }

    // Whoever asked has the response before it is stored.
    private async Task StoreStaleAsync()
    {
        _peer.Answers(Stale);
        await GetAsync();
        await Eventually.BecomesTrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Cache-Control", "only-if-cached, max-stale=1000");
            using var response = await _client.SendAsync(request);
            return response.IsSuccessStatusCode;
        });
    }

    private Task<string> GetAsync() => _client.GetStringAsync(new Uri("/", UriKind.Relative));

    private static string Part(string range) =>
        $"HTTP/1.1 206 Partial Content\r\nCache-Control: max-age=60\r\n{range}\r\nContent-Length: 4\r\n\r\nlies";

    private static IEnumerable<TestCaseData> Cases(params (string Name, string Response)[] cases) =>
        cases.Select(one => new TestCaseData(one.Response) { TestName = $"{{m}}({one.Name})" });
}
