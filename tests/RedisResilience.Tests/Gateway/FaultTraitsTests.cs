using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

internal sealed class FaultTraitsTests
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>().Except([Fault.None]).ToArray();

    [Test]
    public void EveryFault_HasItsOwnDescription() => Assert.That(Faults.Select(fault => fault.Describe()), Is.Unique.And.All.Not.Empty);

    [Test]
    public void NoFault_IsBothTheServersAndOneCommands() =>
        Assert.That(Faults.Where(fault => fault.IsRefusal() && fault.ConcernsWholeServer()), Is.Empty);

    [Test]
    public void ConnectionFaults_ConcernTheWholeServer() =>
        Assert.That(Faults.Where(fault => fault.IsConnectionFault()).Select(fault => fault.ConcernsWholeServer()), Is.Not.Empty.And.All.True);

    [Test]
    public void Refusals_AreTheCommandsOwnErrors() => Assert.That(
        Faults.Where(fault => fault.IsRefusal()),
        Is.EquivalentTo(new[]
        {
            Fault.OutOfMemory, Fault.ReadOnly, Fault.WritesDisabled, Fault.NotPermitted, Fault.SlotNotServed, Fault.SlotMoving, Fault.CrossSlot, Fault.WrongType, Fault.UnknownCommand, Fault.UnexpectedReply, Fault.Other,
        }));

    [Test]
    public void FaultsOfOurOwnMaking_SayNothingAboutRedis() => Assert.That(
        new[] { Fault.CircuitOpen, Fault.TooManyCalls, Fault.RequestTimeSpent, Fault.GatewayDisposed }.Any(fault => fault.IsRefusal() || fault.ConcernsWholeServer()), Is.False);

    [Test]
    public void AllFaults_FitIntoTheBitsThatTheJournalRemembersThemBy() => Assert.That(Faults.Max(fault => (int)fault), Is.LessThan(32));
}
