using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>What becomes of leases that nobody holds.</summary>
internal sealed class LeaseReturnsTests : IDisposable
{
    private static readonly Concurrency Limit = RateLimit.Concurrency(2, TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLeaseStore _store = new();
    private readonly LeaseReturns _returns;
    private long _name;

    public LeaseReturnsTests() => _returns = new LeaseReturns(_store, _clock);

    public void Dispose() => _returns.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task LeaseThatIsTakenBack_IsForgotten(bool isUnheard)
    {
        await _returns.ReturnAsync(NewLease(), isUnheard);
        Pass(TimeSpan.FromMinutes(1));
        Assert.That((_store.Released.Count, _returns.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task LeaseThatIsNotThere_IsForgottenAtOnce()
    {
        _store.Found = 0;
        await _returns.ReturnAsync(NewLease());
        Assert.That(_returns.Count, Is.Zero);
    }

    [Test]
    public async Task GrantThatIsNotThereYet_IsTakenBackWhenItComes()
    {
        _store.Found = 0;
        await _returns.ReturnAsync(NewLease(), isUnheard: true);
        Pass(TimeSpan.FromSeconds(1));
        _store.Found = 1;
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_returns.Count, Is.Zero);
        Assert.That(_store.Released, Has.Count.InRange(3, 4));
    }

    [Test]
    public async Task GrantThatNeverComes_IsForgottenInTheEnd()
    {
        _store.Found = 0;
        await _returns.ReturnAsync(NewLease(), isUnheard: true);
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_returns.Count, Is.Zero);
        Assert.That(_store.Released, Has.Count.InRange(5, 8));
    }

    [Test]
    public async Task WhileTheStoreIsAway_ItIsNotAskedAndNothingIsForgotten()
    {
        _store.IsAway = true;
        await _returns.ReturnAsync(NewLease());
        await _returns.ReturnAsync(NewLease(), isUnheard: true);
        Pass(TimeSpan.FromHours(2));
        Assert.That((_store.Released.Count, _returns.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public async Task WhenTheStoreIsBack_LeasesGoBackBeforeItIsTrusted()
    {
        _store.IsAway = true;
        for (var number = 0; number < 1000; number++)
        {
            await _returns.ReturnAsync(NewLease($"key:{number % 10}"));
        }

        Assert.That(await _returns.RunAsync(Mock.Of<IRedisGateway>()), Is.True);
        Assert.That((_store.Released.Count, _returns.Count), Is.EqualTo((1000, 0)));
    }

    [Test]
    public async Task GrantThatComesAfterTheStoreIsBack_IsTakenBackWithinASecond()
    {
        _store.IsAway = true;
        _store.Found = 0;
        await _returns.ReturnAsync(NewLease(), isUnheard: true);
        await _returns.RunAsync(Mock.Of<IRedisGateway>());
        Assert.That(_returns.Count, Is.EqualTo(1));
        (_store.IsAway, _store.Found) = (false, 1);
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_returns.Count, Is.Zero);
    }

    [Test]
    public async Task AnswerThatIsMissing_IsAskedForAgain()
    {
        _store.Found = null;
        await _returns.ReturnAsync(NewLease());
        _store.Found = 1;
        Pass(TimeSpan.FromSeconds(1));
        Assert.That((_store.Released.Count, _returns.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task Memory_IsBounded()
    {
        _store.IsAway = true;
        for (var number = 0; number < 20_000; number++)
        {
            await _returns.ReturnAsync(NewLease());
        }

        Assert.That(_returns.Count, Is.EqualTo(16 * 1024));
    }

    private HeldLease NewLease(string key = "key") => Limit.ToLease(LocalKey.Of(key, Limit), ++_name, 1);

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(250))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }
    }
}
