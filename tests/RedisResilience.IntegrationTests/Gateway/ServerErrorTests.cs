using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Every error reply that we know, as a real server puts it on the wire: a script returns it.</summary>
public sealed class ServerErrorTests
{
    [TestCase("LOADING Redis is loading the dataset in memory", nameof(Fault.Loading))]
    [TestCase("BUSY Redis is busy running a script.", nameof(Fault.Busy))]
    [TestCase("CLUSTERDOWN The cluster is down", nameof(Fault.ClusterDown))]
    [TestCase("CLUSTERDOWN Hash slot not served", nameof(Fault.SlotNotServed))]
    [TestCase("TRYAGAIN Multiple keys request during rehashing of slot", nameof(Fault.SlotMoving))]
    [TestCase("CROSSSLOT Keys in request don't hash to the same slot", nameof(Fault.CrossSlot))]
    [TestCase("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", nameof(Fault.ClusterDown))]
    [TestCase("NOAUTH Authentication required.", nameof(Fault.AuthenticationFailed))]
    [TestCase("WRONGPASS invalid username-password pair or user is disabled.", nameof(Fault.AuthenticationFailed))]
    [TestCase("OOM command not allowed when used memory > 'maxmemory'.", nameof(Fault.OutOfMemory))]
    [TestCase("READONLY You can't write against a read only replica.", nameof(Fault.ReadOnly))]
    [TestCase(
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", nameof(Fault.WritesDisabled))]
    [TestCase("NOREPLICAS Not enough good replicas to write.", nameof(Fault.WritesDisabled))]
    [TestCase("NOPERM this user has no permissions to run the 'evalsha' command", nameof(Fault.NotPermitted))]
    [TestCase("WRONGTYPE Operation against a key holding the wrong kind of value", nameof(Fault.WrongType))]
    [TestCase("ERR unknown command 'EVALSHA'", nameof(Fault.UnknownCommand))]
    [TestCase("ERR something else", nameof(Fault.Other))]
    public async Task ErrorReply_IsClassified(string error, string expected)
    {
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        await using var gateway = new RedisGateway(
            ConfigurationOptions.Parse(server.ConnectionString), new RedisResilienceOptions(), TimeProvider.System, NullLogger.Instance);
        await gateway.WaitUntilAvailableAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        var script = new RedisScript($"return redis.error_reply(\"{error}\")");

        var answer = await gateway.EvaluateAsync(script, new RedisKeyPrefix(""), "key", default, CancellationToken.None);

        Assert.That(answer.IsAnswered, Is.False);
        Assert.That(answer.Fault, Is.EqualTo(Enum.Parse<Fault>(expected)));
    }

    [Test]
    public async Task ReplyOfAnotherShape_IsUnexpectedAndNotAnException(
        [Values("return 'text'", "return {1,2}", "return {1,2,'x'}", "return {1,2,3,4}", "return false")] string script)
    {
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        await using var gateway = new RedisGateway(
            ConfigurationOptions.Parse(server.ConnectionString), new RedisResilienceOptions(), TimeProvider.System, NullLogger.Instance);
        await gateway.WaitUntilAvailableAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

        var answer = await gateway.EvaluateAsync(new RedisScript(script), new RedisKeyPrefix(""), "key", default, CancellationToken.None);

        Assert.That(answer.Fault, Is.EqualTo(Fault.UnexpectedReply));
    }
}
