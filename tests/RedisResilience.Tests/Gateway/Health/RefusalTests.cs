using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Health;

/// <summary>A server that refuses commands is there.</summary>
internal sealed class RefusalTests : HealthMonitorFixture
{
    [Test]
    public void Refusals_LeaveTheCircuitClosedAndAreLoggedOncePerKind()
    {
        RaiseChanged();
        Repeat(10, () => Health.OnFault(Fault.OutOfMemory));
        Repeat(10, () => Health.OnFault(Fault.WrongType));
        Assert.That(Health.Breaker.IsClosed, Is.True);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId, Log.RefusedId }));
    }

    [Test]
    public void RefusalAfterAnOutage_IsNewsAgain()
    {
        RaiseChanged();
        Health.OnFault(Fault.OutOfMemory);
        Health.OnFault(Fault.Loading);
        RaiseChanged();
        Health.OnFault(Fault.OutOfMemory);
        Assert.That(Logged(), Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId, Log.UnavailableId, Log.AvailableId, Log.RefusedId }));
    }

    [Test]
    public void RefusalBetweenMisses_IsAnAnswer()
    {
        RaiseChanged();
        Ping = Never;
        Repeat(4, () => Health.OnFault(Fault.DeadlineExceeded));
        Health.OnFault(Fault.WrongType);
        Repeat(4, () => Health.OnFault(Fault.DeadlineExceeded));
        Assert.That(Health.Breaker.IsClosed, Is.True);
    }

    [Test]
    public void PingRefused_TheServerIsThere()
    {
        Ping = () => Task.FromException<TimeSpan>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
        RaiseChanged();
        Assert.That(Health.Breaker.IsClosed, Is.True);
    }
}
