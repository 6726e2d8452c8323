using System.Diagnostics.CodeAnalysis;
using System.Text;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Reading;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>The way of one process to the simulated server. How long it is, and what is lost on it, is the network's business.</summary>
[SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "The store in memory answers at once.")]
internal sealed class SimulatedGateway(SimulatedRedis redis, ISimulatedNetwork? network = null) : IRedisGateway
{
    public bool IsAway => network is PerfectNetwork { Fault: Fault.CircuitOpen };

    private readonly ISimulatedNetwork _network = network ?? new PerfectNetwork();

    public string KeyPrefix => "";

    public IRedisGateway Since(long startedAt) => new SimulatedGateway(redis, _network.Since(startedAt));

    public ValueTask<Answer<Payload>> GetAsync(RedisKeyPrefix prefix, string key, int length, CancellationToken cancellationToken) =>
        !redis.HasCopies && key.EndsWith("}:copy", StringComparison.Ordinal) ? SendAsync(static () => default(Payload), cancellationToken)
        : AnswersAtOnce(key) ? new ValueTask<Answer<Payload>>(new Answer<Payload>(Head(key, length)))
            : SendAsync(() => Head(key, length), cancellationToken);

    public ValueTask<Answer<TimeSpan?>> GetTimeToLiveAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        SendAsync(() => Read(key).TimeToLive, cancellationToken);

    public ValueTask<Answer<bool>> SetAsync(
        RedisKeyPrefix prefix, string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync(() => Noted(key, key).SetAsync(key, value, timeToLive, default).Result.Value, cancellationToken);

    public ValueTask<Answer<bool>> DeleteAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        SendAsync(() => redis.Store.RemoveAsync(key, default).Result.Value, cancellationToken);

    public ValueTask<Answer<bool>> DeleteBothAsync(string key, string sideKey, CancellationToken cancellationToken) =>
        SendAsync(() => redis.Store.RemoveAsync(key, default).Result.Value, cancellationToken);

    public ValueTask<Answer<bool>> ExpireAsync(
        RedisKeyPrefix prefix, string key, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync(() => redis.Store.ExtendAsync(key, timeToLive, default).Result.Value, cancellationToken);

    public ValueTask<Answer<ContentReply>> EvaluateAsync(
        RedisScript script, string key, string sideKey, ContentArguments arguments, CancellationToken cancellationToken) =>
        SendAsync(() => Run(script, key, sideKey, arguments), cancellationToken);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

    private InMemoryEntryStore Noted(string key, string sideKey)
    {
        redis.Note(key);
        redis.Note(sideKey);
        return redis.Store;
    }

    private ContentReply Run(RedisScript script, string key, string sideKey, ContentArguments arguments)
    {
        var store = Noted(key, sideKey);
        if (script == RedisEntryStore.VersionScript)
        {
            return new ContentReply(Change(store, key, (VersionChange)arguments.First, arguments), 0, 0, 0);
        }

        var time = TimeSpan.FromMilliseconds(arguments.Second);
        if (script == RedisEntryStore.AcquireScript)
        {
            var reply = store.AcquireAsync(
                key, new LeaseRequest(arguments.First, time, arguments.Third == 1, arguments.Content)).Result.Value;
            return new ContentReply((long)reply.Status, reply.Holder, (long)reply.Remaining.TotalMilliseconds, reply.AcquiredAt);
        }

        if (script == RedisEntryStore.FillScript)
        {
            return Done(redis.IsFenced ? store.FillAsync(key, arguments.First, arguments.Content, time).Result.Value
                : store.SetAsync(key, arguments.Content, time, default).Result.Value);
        }

        if (script == RedisEntryStore.ExtendScript)
        {
            var seen = new SeenPart((int)arguments.Second, arguments.Content);
            return Done(store.ExtendAsync(key, seen, TimeSpan.FromMilliseconds(arguments.First)).Result.Value);
        }

        return Done(script == RedisEntryStore.RenewScript
            ? store.RenewAsync(key, arguments.First, time).Result.Value
            : store.ReleaseAsync(key, arguments.First, time).Result.Value);
    }

    private static long Change(InMemoryEntryStore store, string key, VersionChange change, in ContentArguments arguments)
    {
        var life = TimeSpan.FromMilliseconds(arguments.Third);
        return change == VersionChange.Mend
            ? store.PutBackAsync(key, arguments.Second, life).Result.Value
            : store.VersionAsync(key, change, life, default).Result.Value;
    }

    private RedisResilience.Caching.Reading.StoredEntry Read(string key) =>
        redis.Store.ReadAsync(key, withTimeToLive: true, default).Result.Value;

    // Out of memory it still reads. And whether the whole cache was given up is no part of what a test of single messages looks at.
    private bool AnswersAtOnce(string key) => _network is PerfectNetwork { Fault: Fault.OutOfMemory }
        || (_network is HeldNetwork && key.Contains("namespace:all", StringComparison.Ordinal));

    // Of an empty value Redis says the same as of none.
    private Payload Head(string key, int length)
    {
        var payload = Text(Read(key).Payload, key);
        return payload.Bytes.IsEmpty ? default : payload with { Bytes = payload.Bytes[..Math.Min(length, payload.Bytes.Length)] };
    }

    // Redis has numbers as text.
    private static Payload Text(Payload payload, string key) => payload.Exists
        && key.TrimStart('{').StartsWith("redisresilience:", StringComparison.Ordinal)
        && payload.Bytes.Length == sizeof(long)
        ? payload with { Bytes = Encoding.UTF8.GetBytes($"{BitConverter.ToInt64(payload.Bytes.Span)}") }
        : payload;

    private static ContentReply Done(bool isDone) => new(isDone ? 1 : 0, 0, 0, 0);

    private ValueTask<Answer<T>> SendAsync<T>(Func<T> command, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
        ? ValueTask.FromCanceled<Answer<T>>(cancellationToken)
        : _network.SendAsync(command);
}
