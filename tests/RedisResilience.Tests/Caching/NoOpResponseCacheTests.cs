using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching;

internal sealed class NoOpResponseCacheTests : ResponseCacheContract
{
    protected override IResponseCache Cache => NoOpResponseCache.Instance;

    [Test]
    public async Task WhatWasSet_IsNotKept()
    {
        Assert.That(await Cache.SetAsync("key", new byte[] { 1 }, TimeSpan.FromMinutes(1)), Is.False);
        Assert.That((await Cache.GetAsync("key")).HasBody, Is.False);
    }

    [Test]
    public async Task WhatWasNeverKept_IsCertainToBeGone() => Assert.That(await Cache.RemoveAsync("key"), Is.True);

    [Test]
    public async Task EveryGetOrCreate_AsksTheSource()
    {
        var asked = 0;
        for (var call = 0; call < 3; call++)
        {
            await Cache.GetOrCreateAsync(
                "key",
                TimeSpan.FromMinutes(1),
                0,
                (_, _) =>
                {
                    asked++;
                    return Body("body");
                });
        }

        Assert.That(asked, Is.EqualTo(3));
    }
}
