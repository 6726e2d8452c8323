using RedisResilience.Caching;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>Whose response it is, and how many ask for it.</summary>
internal sealed class SharingTests
{
    [Test]
    public async Task ManyAtOnce_AskOnce()
    {
        using var cached = new CachedClient();
        var gate = new TaskCompletionSource();
        cached.Origin.Answer = async (_, _) =>
        {
            await gate.Task;
            return FakeOrigin.Response("one", "Cache-Control: max-age=60");
        };
        var getting = Enumerable.Range(0, 50).Select(_ => cached.GetAsync()).ToArray();
        gate.SetResult();
        var got = await Task.WhenAll(getting);

        Assert.That(got.Select(one => one.Body), Is.All.EqualTo("one"));
        Assert.That(cached.Origin.Asked, Is.EqualTo(1));
        Assert.That(got.Count(one => one.CacheStatus.EndsWith("collapsed", StringComparison.Ordinal)), Is.EqualTo(49));
    }

    [Test]
    public async Task ManyAtOnce_OfDifferentVariants_GetTheirOwn()
    {
        using var cached = new CachedClient();
        cached.Origin.Answer = async (request, _) =>
        {
            await Task.Yield();
            return FakeOrigin.Response(request.Headers.GetValues("Lang").Single(), "Cache-Control: max-age=60", "Vary: Lang");
        };
        var got = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(async caller => (caller % 4, await cached.GetAsync("", $"Lang: {caller % 4}"))));

        Assert.That(got.Select(one => one.Item2.Body), Is.EqualTo(got.Select(one => $"{one.Item1}")));
    }

    [Test]
    public async Task ManyAtOnce_OfWhatIsNotStored_AllGetTheirOwn()
    {
        using var cached = new CachedClient();
        var asked = 0;
        cached.Origin.Answers(_ => FakeOrigin.Response($"{Interlocked.Increment(ref asked)}", "Cache-Control: no-store"));
        var got = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cached.GetAsync()));

        Assert.That(got.Select(one => one.Body), Is.Unique);
    }

    [Test]
    public async Task OneWhoLeaves_DoesNotTakeItFromTheOthers()
    {
        using var cached = new CachedClient();
        using var leaving = new CancellationTokenSource();
        var (gate, begun) = (new TaskCompletionSource(), new TaskCompletionSource());
        cached.Origin.Answer = async (_, token) =>
        {
            begun.TrySetResult();
            await gate.Task.WaitAsync(token);
            return FakeOrigin.Response("one", "Cache-Control: max-age=60");
        };
        var first = cached.Client.GetAsync((Uri?)null, leaving.Token);
        await begun.Task;
        var second = cached.GetAsync();
        await leaving.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();

        Assert.That((await second).Body, Is.EqualTo("one"));
        Assert.That(cached.Origin.Asked, Is.LessThanOrEqualTo(2));
    }

    [TestCase("max-age=60", false)]
    [TestCase("max-age=60, public", true)]
    [TestCase("s-maxage=60", true)]
    [TestCase("max-age=60, must-revalidate", true)]
    public async Task SharedCache_KeepsResponsesToCredentials_OnlyWhereTheyAllowIt(string control, bool expected)
    {
        foreach (var credentials in new[] { "Authorization: Bearer a", "Cookie: a=b" })
        {
            using var cached = new CachedClient();
            cached.Origin.Answers("one", $"Cache-Control: {control}");
            await cached.GetAsync("", credentials);
            Assert.That((await cached.GetAsync("", credentials.Replace('a', 'z'))).IsHit, Is.EqualTo(expected), credentials);
        }
    }

    [Test]
    public async Task PrivateCache_KeepsUsersApart()
    {
        using var cached = new CachedClient(options => options.Private());
        cached.Origin.Answers(
            request => FakeOrigin.Response($"{request.Headers.Authorization}", "Cache-Control: private, max-age=60", "Set-Cookie: a=b"));
        foreach (var user in new[] { "Bearer a", "Bearer b", "Bearer a" })
        {
            Assert.That((await cached.GetAsync("", $"Authorization: {user}")).Body, Is.EqualTo(user));
        }

        Assert.That((cached.Origin.Asked, (await cached.GetAsync()).Body), Is.EqualTo((2, "")));
    }

    [Test]
    public async Task PrivateCache_KnowsUsersAsItIsTold()
    {
        using var cached = new CachedClient(options => options.Private(request => request.Headers.GetValues("Tenant").Single()));
        cached.Origin.Answers("one", "Cache-Control: private, max-age=60");
        await cached.GetAsync("", "Tenant: a", "Authorization: Bearer 1");

        Assert.That((await cached.GetAsync("", "Tenant: a", "Authorization: Bearer 2")).IsHit, Is.True);
        Assert.That((await cached.GetAsync("", "Tenant: b", "Authorization: Bearer 1")).IsHit, Is.False);
    }

    [Test]
    public async Task SharedCache_StoresNoCookies_UnlessAsked()
    {
        foreach (var isAsked in new[] { false, true })
        {
            using var cached = new CachedClient(options => options.StoresCookies = isAsked);
            cached.Origin.Answers("one", "Cache-Control: max-age=60", "Set-Cookie: a=b");
            await cached.GetAsync();
            Assert.That((await cached.GetAsync()).IsHit, Is.EqualTo(isAsked));
        }
    }

    [Test]
    public async Task Keys_HoldNoSecrets_AndAreReadable()
    {
        using var cached = new CachedClient(options => options.Private());
        var keys = new List<string>();
        foreach (
            var uri in new[] { "http://api.test/v1/x?token=secret", "http://api.test/v1/x?token=other",
            "https://api.test/v1/x?token=secret", "http://api.test:81/v1/x?token=secret" })
        {
            using var request = CachedClient.Request(HttpMethod.Get, uri, "Authorization: Bearer secret");
            keys.Add(RedisResilience.Http.Caching.Keys.RequestKey.Of(request, "quotes", new HttpCacheOptions().Private())!);
        }

        Assert.That(keys, Is.Unique);
        Assert.That(keys.Select(key => key.Contains("secret", StringComparison.Ordinal)), Is.All.False);
        Assert.That(keys[0], Does.StartWith("http:quotes:GET:api.test/v1/x:"));
        await cached.GetAsync();
    }

    [Test]
    public async Task NoRedis_PassesBy()
    {
        using var cached = new CachedClient(store: NoOpResponseCache.Instance);

        Assert.That((await cached.GetAsync()).CacheStatus, Is.Empty);
        Assert.That(((await cached.GetAsync()).Body, cached.Origin.Asked), Is.EqualTo(("body", 2)));
    }
}
