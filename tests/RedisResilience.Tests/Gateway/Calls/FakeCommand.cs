using RedisResilience.Gateway.Commands;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Calls;

/// <summary>A command whose reply the test itself holds.</summary>
internal readonly struct FakeCommand(Task<FakeReply> reply, Func<Task<FakeReply>?>? again = null) : IRedisCommand<FakeReply, int>
{
    public RedisKey Key => "key";

    public Task<FakeReply> SendAsync(IDatabase database) => reply;

    public Task<FakeReply>? SendAgainAfter(Exception? error, IDatabase database) => again?.Invoke();

    public static bool TryRead(FakeReply reply, out int value) => reply.TryRead(out value);

    public void Discard(FakeReply reply, bool isCancelled) => reply.Discard();
}
