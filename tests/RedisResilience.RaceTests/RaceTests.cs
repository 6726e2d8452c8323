using RedisResilience.RaceTests.Races;
using RedisResilience.RaceTests.Scheduling;

namespace RedisResilience.RaceTests;

/// <summary>
/// What holds locks, or state without locks, in 10,000 orders of its events each; 200,000 with <c>REDISRESILIENCE_LONG=1</c>.
/// </summary>
/// <remarks>Each test says which mend was taken out by hand to see it red, and by which seed it then was.</remarks>
internal sealed class RaceTests
{
    /// <summary>Red by seed 70 where <c>PendingLeaseRequest.Quit</c> lets a member leave its load twice.</summary>
    [Test]
    public void Fills() => RaceSearch.Try(typeof(FillRace), "RedisResilience.Caching.Filling");

    /// <summary>Red by seed 2 where <c>InFlightLoad.AwaitInside</c> tells nobody.</summary>
    [Test]
    public void LoadsInsideLoads() => RaceSearch.Try(typeof(NestedLoadRace), "RedisResilience.Caching.Filling");

    /// <summary>Red by seed 6739 where <c>PendingRead.Recycle</c> does not wait for a cancellation that is under way.</summary>
    [Test]
    public void CoalescedReads() => RaceSearch.Try(typeof(CoalescedReadRace), "RedisResilience.Caching.Reading", "RedisResilience.Pooling");

    /// <summary>Red by seed 41 where <c>LocalEntries.Keep</c> does not look at the changes since the read began.</summary>
    [Test]
    public void LocalEntries() => RaceSearch.Try(typeof(LocalEntryRace), "RedisResilience.Caching.LocalTier.LocalEntries");

    /// <summary>Red by seed 0 where <c>ProcessMessages.Publish</c> numbers and sends in two steps.</summary>
    [Test]
    public void Messages() => RaceSearch.Try(typeof(MessageRace), "RedisResilience.Gateway.Invalidations");

    /// <summary>Red by seed 2687 where <c>CommandCall.OnReply</c> does not wait for a cancellation that is under way.</summary>
    [Test]
    public void PendingCalls() => RaceSearch.Try(typeof(PendingCallRace), "RedisResilience.Gateway.Calls", "RedisResilience.Pooling");

    /// <summary>Red where <c>SharedCall.Join</c> takes a caller after the call has ended.</summary>
    [Test]
    public void SharedCalls() => RaceSearch.Try(typeof(SharedCallRace), "RedisResilience.RateLimiting.Local.Sharing");

    /// <summary>Red by seed 0 where each <c>LeaseKeeper.Hold</c> puts the renewal of its key off.</summary>
    [Test]
    public void LeaseKeeper() => RaceSearch.Try(typeof(LeaseKeeperRace), "RedisResilience.RateLimiting.Leases");

    /// <summary>Red by seed 2 where <c>EndpointRun</c> knows of a run only when its synchronous part has returned.</summary>
    [Test]
    public void EndpointRuns() => RaceSearch.Try(typeof(EndpointRunRace), "RedisResilience.AspNetCore.Caching.Storing.EndpointRun");
}
