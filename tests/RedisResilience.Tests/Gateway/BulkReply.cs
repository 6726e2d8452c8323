using System.Reflection;
using System.Text;
using RESPite.Messages;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway;

/// <summary>A server's reply as the client hands it on. The client makes them itself only, and its own bytes are all that it is asked for
/// here.</summary>
internal static class BulkReply
{
    private delegate RespResult Create(RespPrefix prefix, ReadOnlySpan<byte> bytes);

    public static RespResult Of(string body) =>
        typeof(RespResult).GetMethod("CreateNullSingleton", BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Create>()(
            RespPrefix.BulkString, Encoding.UTF8.GetBytes($"${body.Length}\r\n{body}\r\n"));
}
