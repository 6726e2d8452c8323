using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PermitPoolTests(ServerKind kind)
{
    private static readonly PermitBatch Five = new(5, 90, TimeSpan.FromHours(1), TimeSpan.FromHours(3));

    private readonly string _prefix = SharedServers.NewKey("pool");
    private ResilientService _service = null!;

    private IPermitPool Pool => _service.Pool;

    [SetUp]
    public async Task Connect()
    {
        var server = await SharedServers.GetAsync(kind);
        _service = await ResilientService.ConnectAsync(server.ConnectionString, options =>
        {
            options.KeyPrefix = _prefix;
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
        });
    }

    [TearDown]
    public ValueTask Disconnect() => _service.DisposeAsync();

    [Test]
    public async Task Permits_AreSpentUntilThereAreTooFew_AndTheRestIsTakenOut()
    {
        Assert.That(await Pool.TakeAsync("key", 1, 1), Is.EqualTo(new PooledPermits(PoolState.Empty)));
        Assert.That(await Pool.AddAsync("key", 1, Five), Is.True);

        var taken = await Pool.TakeAsync("key", 1, 3);
        Assert.That((taken.State, taken.Remaining), Is.EqualTo((PoolState.Taken, 92)));
        Assert.That(taken.EndsAfter.TotalSeconds, Is.EqualTo(3600).Within(60));
        Assert.That(taken.ResetsAfter - taken.EndsAfter, Is.EqualTo(TimeSpan.FromHours(2)));
        Assert.That((await Pool.TakeAsync("key", 1, 0)).Remaining, Is.EqualTo(92));
        Assert.That(await Pool.TakeAsync("key", 1, 3), Is.EqualTo(new PooledPermits(PoolState.Empty, TakenOut: 2)));
        Assert.That(await Pool.TakeAsync("key", 1, 1), Is.EqualTo(new PooledPermits(PoolState.Empty)));
    }

    [Test]
    public async Task SecondBatch_IsAddedToTheFirst()
    {
        await Pool.AddAsync("key", 1, Five);
        await Pool.AddAsync("key", 1, Five with { Behind = 85 });

        Assert.That(
            await Pool.TakeAsync("key", 1, 10), Has.Property("State").EqualTo(PoolState.Taken).And.Property("Remaining").EqualTo(85));
    }

    [Test]
    public async Task NothingAndNothingBehind_ShutsTheKey()
    {
        await Pool.AddAsync("key", 1, new PermitBatch(0, 0, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));

        Assert.That((await Pool.TakeAsync("key", 1, 1)).State, Is.EqualTo(PoolState.Exhausted));
        Assert.That((await Pool.TakeAsync("key", 2, 1)).State, Is.EqualTo(PoolState.Empty), "under other terms");
        Assert.That((await Pool.TakeAsync("key", 1, 1)).State, Is.EqualTo(PoolState.Empty));
    }

    [Test]
    public async Task OtherTerms_TakeTheRestOut()
    {
        await Pool.AddAsync("key", 1, Five);
        Assert.That(await Pool.TakeAsync("key", 2, 1), Is.EqualTo(new PooledPermits(PoolState.Empty, TakenOut: 5)));

        await Pool.AddAsync("key", 2, Five);
        Assert.That(await Pool.DrainAsync("key"), Is.EqualTo(5));
        Assert.That(await Pool.DrainAsync("key"), Is.Zero);
    }

    [Test]
    [CancelAfter(10_000)]
    public async Task Permits_EndWithTheirTime(CancellationToken cancellationToken)
    {
        await Pool.AddAsync("key", 1, Five with { EndsAfter = TimeSpan.FromMilliseconds(1) }, cancellationToken);

        while ((await Pool.TakeAsync("key", 1, 1, cancellationToken)).State != PoolState.Empty)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Test]
    public async Task ManyAtOnce_GetNoPermitTwice()
    {
        await Pool.AddAsync("key", 1, Five);

        var taken = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Pool.TakeAsync("key", 1, 1).AsTask()));

        Assert.That(taken.Count(one => one.State == PoolState.Taken), Is.EqualTo(5));
    }

    [Test]
    public async Task WhatIsNotOurs_IsNoPool()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var other = await server.ConnectAsync();
        await other.GetDatabase().StringSetAsync($"{_prefix}redisresilience:quota:key", "text", TimeSpan.FromHours(1));

        Assert.That((await Pool.TakeAsync("key", 1, 1)).State, Is.EqualTo(PoolState.Empty));
        await Pool.AddAsync("key", 1, Five);
        Assert.That((await Pool.TakeAsync("key", 1, 1)).State, Is.EqualTo(PoolState.Taken));
    }

    [Test]
    public void ArgumentsOutOfRange_AreRefused()
    {
        Assert.That(() => Pool.TakeAsync("a\nb", 1, 1).AsTask(), Throws.ArgumentException);
        Assert.That(() => Pool.TakeAsync("key", 1, -1).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Pool.AddAsync("key", 1, Five with { EndsAfter = TimeSpan.Zero }).AsTask(),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Pool.AddAsync("key", 1, Five with { Count = -1 }).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
