using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary>Redis as far as leases of one key need it, shared by several nodes.</summary>
internal sealed class HeldPermits(FakeTimeProvider time, int limit)
{
    private static readonly RedisScript Heartbeat = RedisScript.Load<NodeRegistry>("Heartbeat");
    private static readonly RedisScript Renewal = RedisScript.Load<RedisLeases>("ConcurrencyRenewal");
    private static readonly RedisScript Release = RedisScript.Load<RedisLeases>("ConcurrencyRelease");

    private readonly Dictionary<long, int> _held = [];
    private readonly SortedSet<long> _nodes = [];

    /// <summary>What every call gets instead of an answer.</summary>
    public Fault Fault { get; set; }

    /// <summary>A limiter of a node of its own.</summary>
    public RedisRateLimiter NewNode(int localKeys = 1000)
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(),
                It.IsAny<CancellationToken>()))
            .Returns((RedisScript script, RedisKeyPrefix _, string _, ScriptArguments arguments, CancellationToken _) =>
                new(Fault == Fault.None ? new Answer<ScriptReply>(Evaluate(script, arguments)) : new Answer<ScriptReply>(Fault)));
        return new RedisRateLimiter(gateway.Object, time, localKeys: localKeys);
    }

    private ScriptReply Evaluate(RedisScript script, ScriptArguments arguments)
    {
        if (script.Text == Heartbeat.Text)
        {
            _nodes.Add(arguments.First);
            return new ScriptReply(_nodes.Count, _nodes.Count(node => node < arguments.First), 1, 0, 0);
        }

        if (script.Text == Renewal.Text || script.Text == Release.Text)
        {
            var bits = 0L;
            for (var place = 0; place < arguments.Constants.Values.Length; place += 3)
            {
                var name = arguments.Constants.Values[place];
                bits |= (script.Text == Release.Text ? _held.Remove(name) : _held.ContainsKey(name)) ? 1L << (place / 3) : 0;
            }

            return new ScriptReply(bits, 0, 0, 0, 0);
        }

        var (asked, lease) = arguments.Count == 1 ? (1, arguments.First) : ((int)(arguments.First * arguments.Second), arguments.Third);
        var granted = _held.Values.Sum() + asked <= limit ? asked : 0;
        if (granted > 0)
        {
            _held.Add(lease, granted);
        }

        return new ScriptReply(granted, limit - _held.Values.Sum(), 0, 0, 1);
    }
}
