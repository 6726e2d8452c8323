using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

internal sealed class FaultTableTests
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>().Except([Fault.None]).ToArray();

    [Test]
    public void EveryFault_HasItsOwnDescription() => Assert.That(Faults.Select(fault => fault.Describe()), Is.Unique.And.All.Not.Empty);

    [Test]
    public void WhereThereIsNoWay_AnotherConnectionIsTried() => Assert.That(
        Faults.Where(fault => fault.Scope() is FaultScope.Network or FaultScope.Silence).Select(
            fault => fault.Remedy()), Is.All.EqualTo(FaultRemedy.Reconnect));

    [Test]
    public void CallThatWasNotSent_ConcernsNobody() =>
        Assert.That(
            Faults.Where(fault => fault.WasNotSent()).Select(fault => fault.Scope()), Is.Not.Empty.And.All.EqualTo(FaultScope.Nobody));

    [Test]
    public void Description_NamesTheCommandAndTheKeysThatAreMissing()
    {
        Assert.That(Fault.NotPermitted.Describe("EVALSHA", "~app:*"), Does.Contain("EVALSHA"));
        Assert.That(Fault.KeyNotPermitted.Describe("EVALSHA", "~app:*"), Does.Contain("~app:*"));
        Assert.That(Faults.Select(fault => fault.Describe()), Has.None.Contains("{"));
    }

    [Test]
    public void Refusals_AreTheCommandsOwnErrors() => Assert.That(
        Faults.Where(fault => fault.IsRefusal()),
        Is.EquivalentTo(new[]
        {
            Fault.OutOfMemory, Fault.ReadOnly, Fault.WritesDisabled, Fault.NotPermitted, Fault.KeyNotPermitted, Fault.SlotNotServed,
            Fault.SlotMoving, Fault.CrossSlot, Fault.WrongType, Fault.UnknownCommand, Fault.UnexpectedReply, Fault.Other,
        }));

    [Test]
    public void WhatMayHaveRun_IsWhatNobodyHasRefused() => Assert.That(
        Faults.Where(fault => !fault.WasNotSent() && !fault.MayHaveRun()),
        Is.EquivalentTo(new[]
        {
            Fault.HandshakeRefused, Fault.AuthenticationFailed, Fault.TooManyClients, Fault.Loading, Fault.Busy, Fault.ClusterDown,
            Fault.OutOfMemory, Fault.ReadOnly, Fault.WritesDisabled, Fault.NotPermitted, Fault.KeyNotPermitted, Fault.SlotNotServed,
            Fault.SlotMoving, Fault.CrossSlot, Fault.WrongType, Fault.UnknownCommand,
        }));

    [Test]
    public void FaultsOfOurOwnMaking_SayNothingAboutRedis() => Assert.That(
        new[] { Fault.CircuitOpen, Fault.TooManyCalls, Fault.RequestTimeSpent, Fault.ConnectionReplaced, Fault.GatewayDisposed }.Select(
            fault => fault.Scope()),
        Is.All.EqualTo(FaultScope.Nobody));
}
