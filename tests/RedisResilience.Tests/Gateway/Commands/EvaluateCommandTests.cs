using System.Text;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using RESPite.Messages;

namespace RedisResilience.Tests.Gateway.Commands;

internal sealed class EvaluateCommandTests
{
    [TestCase("*5\r\n:1\r\n:42\r\n:3600000\r\n:-7\r\n:0\r\n")]
    [TestCase("*5\r\n$1\r\n1\r\n$2\r\n42\r\n$7\r\n3600000\r\n$2\r\n-7\r\n$1\r\n0\r\n", Description = "integers as text")]
    public void FiveIntegers_AreTheReply(string reply) => Assert.That(Read(reply), Is.EqualTo(new ScriptReply(1, 42, 3_600_000, -7, 0)));

    [Test]
    public void MoreIntegers_FollowInTheirOrder()
    {
        var reply = Read("*6\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n");
        Assert.That(reply?.More, Is.EqualTo(new long[] { 6 }));
        Assert.That(reply?.Fifth, Is.EqualTo(5));
    }

    [Test]
    public void LargestIntegers_AreRead() =>
        Assert.That(Read($"*5\r\n:{long.MaxValue}\r\n:{long.MinValue}\r\n:0\r\n:0\r\n:0\r\n"), Is.EqualTo(new ScriptReply(long.MaxValue, long.MinValue, 0, 0, 0)));

    [TestCase("*0\r\n")]
    [TestCase("*2\r\n:1\r\n:2\r\n")]
    [TestCase("*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n")]
    [TestCase("*6\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n+text\r\n")]
    [TestCase("*65\r\n:1\r\n")]
    [TestCase("*2147483647\r\n:1\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase("$-1\r\n")]
    [TestCase("_\r\n")]
    [TestCase("+OK\r\n")]
    [TestCase(":3\r\n")]
    [TestCase("*5\r\n:1\r\n+text\r\n:3\r\n:4\r\n:5\r\n")]
    [TestCase("*5\r\n:1\r\n$-1\r\n:3\r\n:4\r\n:5\r\n")]
    [TestCase("*5\r\n:1\r\n-ERR within\r\n:3\r\n:4\r\n:5\r\n")]
    [TestCase("*5\r\n:1\r\n*1\r\n:2\r\n:3\r\n:4\r\n:5\r\n")]
    [TestCase("*5\r\n:1\r\n:2\r\n:99999999999999999999\r\n:4\r\n:5\r\n")]
    public void AnythingElse_IsNotAReplyAndNoException(string reply) => Assert.That(Read(reply), Is.Null);

    private static ScriptReply? Read(string reply)
    {
        var reader = new RespReader(Encoding.ASCII.GetBytes(reply));
        reader.TryMoveNext();
        return EvaluateCommand.TryRead(ref reader, out var value) ? value : null;
    }
}
