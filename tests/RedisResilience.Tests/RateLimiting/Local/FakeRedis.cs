using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Redis;
using RedisResilience.RateLimiting.Requests;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary>
/// Redis as far as the limiter uses it: counts that several nodes share, judged by a clock that need not run like theirs.
/// </summary>
internal sealed class FakeRedis(FakeTimeProvider time, params RateLimit[] limits)
{
    private static readonly RedisScript Heartbeat = RedisScript.Load<NodeRegistry>("Heartbeat");

    private readonly Dictionary<string, KeyCounter> _counts = [];
    private readonly Dictionary<long, long> _nodes = [];
    private readonly List<Action> _late = [];
    private readonly long _startedAt = Microseconds(time);

    /// <summary>How much faster or slower the server's clock runs.</summary>
    public double Drift { get; init; } = 1;

    /// <summary>What every call gets instead of an answer.</summary>
    public Fault Fault { get; set; }

    /// <summary>Whether replies come when nobody waits for them any more: with <see cref="ReplyLate"/>.</summary>
    public bool IsLate { get; set; }

    /// <summary>Called before and after each script, such as to let time pass.</summary>
    public Action OnTheWay { get; set; } = () => { };

    /// <summary>How often a script of a limit has run.</summary>
    public int Calls { get; private set; }

    /// <summary>The last script's arguments.</summary>
    public PermitRequest LastRequest { get; private set; }

    /// <summary>When the last script ran that asked for permits, by the server's clock, and when all would have been free after it. What
    /// a node gives back meanwhile is another's run.</summary>
    public (long At, long ResetAt) LastRun { get; private set; }

    /// <summary>The server's clock.</summary>
    public long Now => (long)(1_700_000_000_000_000 + ((Microseconds(time) - _startedAt) * Drift));

    public IReadOnlyCollection<long> Nodes => _nodes.Keys;

    public Mock<IRedisGateway> Connect()
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(), It
                    .IsAny<CancellationToken>()))
            .Returns((RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken token) =>
                token.IsCancellationRequested
                    ? ValueTask.FromCanceled<Answer<ScriptReply>>(token)
                    : new(Evaluate(script, prefix.Append(key)!, arguments)));
        gateway.Setup(stub => stub.DeleteAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix prefix, string key, CancellationToken _) =>
                new(Fault == Fault.None ? new Answer<bool>(_counts.Remove(prefix.Append(key)!)) : new Answer<bool>(Fault)));
        return gateway;
    }

    /// <summary>What ran late is heard of now.</summary>
    public void ReplyLate()
    {
        IsLate = false;
        _late.ForEach(static reply => reply());
        _late.Clear();
    }

    /// <summary>A limiter of a node of its own.</summary>
    public RedisRateLimiter NewNode() => new(Connect().Object, time);

    /// <summary>Asks without taking, as if from outside.</summary>
    public RateLimitDecision Look(string key, RateLimit limit) => Take(key, limit, 0);

    /// <summary>Takes permits, as if from outside.</summary>
    public RateLimitDecision Take(string key, RateLimit limit, int permits)
    {
        var request = PermitRequest.Exactly(permits);
        return limit.Decide(request, Count($"ratelimit:{key}").Answer(limit, request, Now), DecisionSource.Redis, askedAt: 0);
    }

    private Answer<ScriptReply> Evaluate(RedisScript script, string key, ScriptArguments arguments)
    {
        if (Fault != Fault.None)
        {
            return new Answer<ScriptReply>(Fault);
        }

        if (script.Text == Heartbeat.Text)
        {
            return new Answer<ScriptReply>(Beat(arguments.First, arguments.Constants.Values[0]));
        }

        OnTheWay();
        Calls++;
        var limit = limits.First(limit => limit.Script == script && limit.Parameters.Equals(arguments.Constants));
        var request = arguments.Count <= 1
            ? PermitRequest.Exactly((int)arguments.First)
            : new PermitRequest(
                (int)arguments.First, (int)arguments.Second, arguments.Third, arguments.Count == 5 ? [.. arguments.More.Values] : null);
        LastRequest = request;
        var reply = Count(key).Answer(limit, request, Now);
        if (limit is FixedWindow && request.Until is null)
        {
            // It asks no clock.
            reply = reply with { Fifth = 0 };
        }

        var ranAt = Now;
        // What is given back on the way back is a run of its own.
        OnTheWay();
        LastRun = request.Unit > 0 ? (ranAt, ranAt + reply.Fourth) : LastRun;
        if (IsLate)
        {
            _late.Add(() => arguments.Caller.Listener?.Hear(key["ratelimit:".Length..], arguments, reply, isCancelled: false));
            return new Answer<ScriptReply>(Fault.DeadlineExceeded);
        }

        return new Answer<ScriptReply>(reply);
    }

    private ScriptReply Beat(long node, long lifetime)
    {
        foreach (var dead in _nodes.Where(other => other.Value <= Now).ToArray())
        {
            _nodes.Remove(dead.Key);
        }

        _nodes.Remove(node);
        if (lifetime > 0)
        {
            _nodes.Add(node, Now + (lifetime * 1000));
        }

        return new ScriptReply(_nodes.Count, _nodes.Keys.Count(other => other < node), Now, 0, 0);
    }

    private KeyCounter Count(string key)
    {
        if (!_counts.TryGetValue(key, out var count))
        {
            _counts.Add(key, count = new KeyCounter());
        }

        return count;
    }

    private static long Microseconds(TimeProvider time) => time.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond;
}
