using System.Buffers.Binary;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Commands;

internal sealed class InClusterCommandTests
{
    private static readonly RedisResult[] NoReplies =
    [
        RedisResult.Create(RedisValue.Null), Bytes(32), Bytes(41),
        Bytes(65 * sizeof(long)), RedisResult.Create("OK", ResultType.SimpleString),
        RedisResult.Create(3, ResultType.Integer), RedisResult.Create((RedisResult[])[]), RedisResult.Create([1, 2, 3, "four"]),
        RedisResult.Create([RedisResult.Create(1), RedisResult.Create([2]), RedisResult.Create(3), RedisResult.Create(4)]),
        RedisResult.Create([1, 2, 3, RedisValue.Null]),
    ];

    [Test]
    public void Integers_AreTheReply()
    {
        var packed = new byte[6 * sizeof(long)];
        for (var place = 0; place < 6; place++)
        {
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(place * sizeof(long)), -place);
        }

        Assert.That(EvaluateInClusterCommand.TryRead(RedisResult.Create((RedisValue)packed), out var reply), Is.True);
        Assert.That(reply with { More = default }, Is.EqualTo(new ScriptReply(0, -1, -2, -3, -4)));
        Assert.That(reply.More, Is.EqualTo(new long[] { -5 }));
        Assert.That(EvaluateBothInClusterCommand.TryRead(RedisResult.Create([1, -2, 3, long.MaxValue]), out var both), Is.True);
        Assert.That(both, Is.EqualTo(new ContentReply(1, -2, 3, long.MaxValue)));
    }

    [TestCaseSource(nameof(NoReplies))]
    public void AnythingElse_IsNotAReplyAndNoException(RedisResult reply)
    {
        Assert.That(EvaluateInClusterCommand.TryRead(reply, out _), Is.False);
        Assert.That(EvaluateBothInClusterCommand.TryRead(reply, out _), Is.False);
    }

    [Test]
    public void NoBytes_AreNoEntry()
    {
        Assert.That(GetRangeInClusterCommand.TryRead(RedisValue.Null, out var payload), Is.True);
        Assert.That(payload.Exists, Is.False);
        Assert.That(GetRangeInClusterCommand.TryRead("body"u8.ToArray(), out payload), Is.True);
        Assert.That((payload.Exists, payload.Bytes.ToArray()), Is.EqualTo((true, "body"u8.ToArray())));
    }

    private static RedisResult Bytes(int count) => RedisResult.Create((RedisValue)new byte[count]);
}
