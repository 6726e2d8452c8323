namespace RedisResilience.Http.Tests.Caching;

internal sealed class VariantTests
{
    private readonly CachedClient _cached = new(options => options.MaximumVariants = 2);

    public VariantTests() => _cached.Origin.Answers(Vary);

    [TearDown]
    public void Dispose() => _cached.Dispose();

    [Test]
    public async Task Variants_StandBesideEachOther()
    {
        await _cached.GetAsync("", "Lang: en");
        await _cached.GetAsync("", "Lang: de");

        Assert.That((await _cached.GetAsync("", "Lang: en")).Body, Is.EqualTo("en"));
        Assert.That((await _cached.GetAsync("", "Lang: de")).Body, Is.EqualTo("de"));
        Assert.That(_cached.Origin.Asked, Is.EqualTo(2));
        Assert.That((await _cached.GetAsync()).Body, Is.EqualTo("none"));
    }

    [Test]
    public async Task ManyVariants_AreAllRight_AndTakeNoMoreThanTheirPlaces()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var lang = 0; lang < 20; lang++)
            {
                Assert.That((await _cached.GetAsync("", $"Lang: {lang}")).Body, Is.EqualTo($"{lang}"));
            }
        }

        Assert.That(_cached.Origin.Asked, Is.InRange(20, 40));
    }

    [Test]
    public async Task KeyOfARequestsOwn_NeverNamesAVariantOfAnother()
    {
        await SendAsync("AAPL", "en");
        await SendAsync("AAPL", "de");
        foreach (var place in Enumerable.Range(0, 2))
        {
            _cached.Origin.Answers("another", "Cache-Control: max-age=60");
            Assert.That(await SendAsync($"AAPL:{place}", "de"), Is.EqualTo("another"));
        }

        async Task<string> SendAsync(string key, string lang)
        {
            using var request = CachedClient.Request(HttpMethod.Get, "", $"Lang: {lang}");
            request.Options.Set(HttpCacheRequest.Key, key);
            using var response = await _cached.Client.SendAsync(request);
            return (await Got.OfAsync(response)).Body;
        }
    }

    [Test]
    public async Task UnsafeRequest_RemovesAllVariants()
    {
        await _cached.GetAsync("", "Lang: en");
        await _cached.GetAsync("", "Lang: de");
        (await _cached.SendAsync(HttpMethod.Post)).Dispose();

        Assert.That((await _cached.GetAsync("", "Lang: en")).IsHit, Is.False);
        Assert.That((await _cached.GetAsync("", "Lang: de")).IsHit, Is.False, "it is of another lineage");
        Assert.That((await _cached.GetAsync("", "Lang: de")).IsHit, Is.True);
    }

    [Test]
    public async Task VaryByAnything_ByTurns_IsNeverServedToAnother()
    {
        var turn = 0;
        _cached.Origin.Answers(
            _ => FakeOrigin.Response($"{++turn}", "Cache-Control: max-age=60", turn % 2 == 0 ? "Vary: *" : "Vary: Lang"));
        Assert.That((await _cached.GetAsync("", "Lang: a")).Body, Is.EqualTo("1"));
        Assert.That((await _cached.GetAsync("", "Lang: b")).Body, Is.EqualTo("2"));
        Assert.That((await _cached.GetAsync("", "Lang: b")).IsHit, Is.False);
        Assert.That((await _cached.GetAsync("", "Lang: a")).Body, Is.EqualTo("1"));
    }

    [Test]
    public async Task OtherFieldsInVary_BeginAnew()
    {
        await _cached.GetAsync("", "Lang: en", "Size: 1");
        _cached.Origin.Answers(request => FakeOrigin.Response(Value(request, "Size"), "Cache-Control: max-age=60", "Vary: Size"));
        await _cached.GetAsync("", "Lang: de", "Size: 2");

        Assert.That((await _cached.GetAsync("", "Lang: en", "Size: 2")).Body, Is.EqualTo("2"));
        Assert.That((await _cached.GetAsync("", "Lang: fr", "Size: 2")).Body, Is.EqualTo("2"));
    }

    private static HttpResponseMessage Vary(HttpRequestMessage request) =>
        FakeOrigin.Response(Value(request, "Lang"), "Cache-Control: max-age=60", "Vary: Lang");

    private static string Value(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "none";
}
