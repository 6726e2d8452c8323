using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.Tests.RateLimiting;

internal sealed class InMemoryUpstreamQuotaTests : UpstreamQuotaContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryUpstreamQuota _quota;

    public InMemoryUpstreamQuotaTests() => _quota = new InMemoryUpstreamQuota(_time);

    protected override IUpstreamQuota Quota => _quota;

    [Test]
    public async Task ManyKeys_AreBounded()
    {
        for (var key = 0; key < 20_000; key++)
        {
            await _quota.AnnounceAsync($"{key}", 0, TimeSpan.FromSeconds(1 + key));
        }

        Assert.That(Enumerable.Range(0, 20_000).Count(key => _quota.KnownWait($"{key}") > TimeSpan.Zero), Is.InRange(9_000, 10_000));
        Assert.That(_quota.KnownWait("19999"), Is.GreaterThan(TimeSpan.Zero), "what ends last stays");
    }

    [Test]
    public async Task ManyAtOnce_TakeNoMoreThanThereIs()
    {
        await _quota.AnnounceAsync(Key, 50, TimeSpan.FromMinutes(1));
        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await _quota.TakeAsync(Key) is null)));

        Assert.That(taken.Count(isTaken => isTaken), Is.EqualTo(50));
    }

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
