using Microsoft.Extensions.Time.Testing;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class UncacheableKeysTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Key_IsRememberedForAWhile()
    {
        var keys = new UncacheableKeys(_time);
        keys.Add("key");

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(keys.Contains("key"), Is.True);
        Assert.That(keys.Contains("other"), Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(keys.Contains("key"), Is.False);
    }

    [Test]
    public void Key_CanBeForgotten()
    {
        var keys = new UncacheableKeys(_time);
        keys.Add("key");

        keys.Remove("key");

        Assert.That(keys.Contains("key"), Is.False);
    }

    [Test]
    public void Memory_IsBounded()
    {
        var keys = new UncacheableKeys(_time);
        for (var key = 0; key < 10_000; key++)
        {
            keys.Add($"key{key}");
        }

        Assert.That(Enumerable.Range(0, 10_000).Count(key => keys.Contains($"key{key}")), Is.LessThanOrEqualTo(1024));
    }
}
