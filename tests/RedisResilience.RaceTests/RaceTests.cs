using RedisResilience.RaceTests.Races;
using RedisResilience.RaceTests.Scheduling;

namespace RedisResilience.RaceTests;

/// <summary>
/// What holds locks, or state without locks, in 10,000 orders of its events each; 200,000 with <c>REDISRESILIENCE_LONG=1</c>.
/// </summary>
internal sealed class RaceTests
{
    [Test]
    public void Fills() => RaceSearch.Try(typeof(FillRace), "RedisResilience.Caching.Filling");

    [Test]
    public void LoadsInsideLoads() => RaceSearch.Try(typeof(NestedLoadRace), "RedisResilience.Caching.Filling");

    [Test]
    public void CoalescedReads() => RaceSearch.Try(typeof(CoalescedReadRace), "RedisResilience.Caching.Reading", "RedisResilience.Pooling");

    [Test]
    public void LocalEntries() => RaceSearch.Try(typeof(LocalEntryRace), "RedisResilience.Caching.LocalTier.LocalEntries");

    [Test]
    public void Messages() => RaceSearch.Try(typeof(MessageRace), "RedisResilience.Gateway.Invalidations");

    [Test]
    public void PendingCalls() => RaceSearch.Try(typeof(PendingCallRace), "RedisResilience.Gateway.Calls", "RedisResilience.Pooling");

    [Test]
    public void SharedCalls() => RaceSearch.Try(typeof(SharedCallRace), "RedisResilience.RateLimiting.Local.Sharing");

    [Test]
    public void LeaseKeeper() => RaceSearch.Try(typeof(LeaseKeeperRace), "RedisResilience.RateLimiting.Leases");

    [Test]
    public void EndpointRuns() => RaceSearch.Try(typeof(EndpointRunRace), "RedisResilience.AspNetCore.Caching.Storing.EndpointRun");
}
