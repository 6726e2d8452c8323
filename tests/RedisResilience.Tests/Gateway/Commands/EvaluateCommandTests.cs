using System.Buffers.Binary;
using System.Text;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using RESPite.Messages;

namespace RedisResilience.Tests.Gateway.Commands;

internal sealed class EvaluateCommandTests
{
    [Test]
    public void FiveIntegers_AreTheReply() =>
        Assert.That(Read(Packed(1, 42, 3_600_000, -7, 0)), Is.EqualTo(new ScriptReply(1, 42, 3_600_000, -7, 0)));

    [Test]
    public void MoreIntegers_FollowInTheirOrder()
    {
        var reply = Read(Packed(1, 2, 3, 4, 5, 6, 7));
        Assert.That(reply?.More, Is.EqualTo(new long[] { 6, 7 }));
        Assert.That(reply?.Fifth, Is.EqualTo(5));
    }

    [Test]
    public void LargestIntegers_AreRead() =>
        Assert.That(
            Read(Packed(long.MaxValue, long.MinValue, 0, 0, 0)), Is.EqualTo(new ScriptReply(long.MaxValue, long.MinValue, 0, 0, 0)));

    [TestCase("$0\r\n\r\n")]
    [TestCase("$32\r\n12345678123456781234567812345678\r\n")]
    [TestCase("$41\r\n12345678123456781234567812345678123456781\r\n")]
    [TestCase("$-1\r\n")]
    [TestCase("_\r\n")]
    [TestCase("+OK\r\n")]
    [TestCase(":3\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase("*5\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n")]
    [TestCase("-ERR a text of forty letters, which is 5 * 8\r\n")]
    public void AnythingElse_IsNotAReplyAndNoException(string reply) => Assert.That(Read(Encoding.ASCII.GetBytes(reply)), Is.Null);

    [Test]
    public void TooManyIntegers_AreNoReply() => Assert.That(Read(Packed(new long[65])), Is.Null);

    private static byte[] Packed(params long[] values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var place = 0; place < values.Length; place++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(place * sizeof(long)), values[place]);
        }

        return [.. Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"), .. bytes, 13, 10];
    }

    private static ScriptReply? Read(byte[] reply)
    {
        var reader = new RespReader(reply);
        reader.TryMoveNext(checkError: false);
        return EvaluateCommand.TryRead(ref reader, out var value) ? value : null;
    }
}
