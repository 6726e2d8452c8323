using System.Buffers.Text;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Caching.Stores;

/// <summary>Entries in Redis. A lease is a side key in the entry's slot, so that a script can look at both.</summary>
/// <param name="gateway">The gateway to Redis.</param>
/// <param name="local">The copies in this process, which are notified of each change. Null without a local tier.</param>
/// <param name="reads">The reads, which remember times to live and are notified when one is prolonged.</param>
internal sealed class RedisEntryStore(IRedisGateway gateway, LocalEntries? local = null, CoalescedReads? reads = null) : IEntryStore
{
    public static readonly RedisScript AcquireScript = RedisScript.Load<RedisEntryStore>("Own", "Acquire");
    public static readonly RedisScript RenewScript = RedisScript.Load<RedisEntryStore>("Own", "Renew");
    public static readonly RedisScript FillScript = RedisScript.Load<RedisEntryStore>("Own", "Fill");
    public static readonly RedisScript ReleaseScript = RedisScript.Load<RedisEntryStore>("Own", "Release");
    public static readonly RedisScript ExtendScript = RedisScript.Load<RedisEntryStore>("Extend");
    public static readonly RedisScript VersionScript = RedisScript.Load<RedisEntryStore>("Own", "Version");

    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);

    public string KeyPrefix => gateway.KeyPrefix;

    public bool IsAway => gateway.IsAway;

    public IEntryStore Since(long startedAt) => new RedisEntryStore(gateway.Since(startedAt), local, reads);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<LeaseReply>> AcquireAsync(string key, LeaseRequest request)
    {
        var arguments = new ContentArguments(
            request.Token, Milliseconds(request.LeaseTime), request.OverridesCoolDown ? 1 : 0, request.ExpectedHeader);
        var answer = await EvaluateAsync(AcquireScript, key, arguments).ConfigureAwait(false);
        return answer.IsAnswered
            ? new Answer<LeaseReply>(Read(answer.Value))
            : new Answer<LeaseReply>(answer.Fault);
    }

    public ValueTask<Answer<bool>> RenewAsync(string key, long token, TimeSpan leaseTime) =>
        IsDoneAsync(EvaluateAsync(RenewScript, key, new ContentArguments(token, Milliseconds(leaseTime), 0)));

    public ValueTask<Answer<bool>> FillAsync(string key, long token, ReadOnlyMemory<byte> entry, TimeSpan life) =>
        TellAfterAsync(key, IsDoneAsync(EvaluateAsync(FillScript, key, new ContentArguments(token, Milliseconds(life), 0, entry))));

    public ValueTask<Answer<bool>> ReleaseAsync(string key, long token, TimeSpan coolDown) =>
        IsDoneAsync(EvaluateAsync(ReleaseScript, key, new ContentArguments(token, Milliseconds(coolDown), 0)));

    public ValueTask<Answer<bool>> SetAsync(string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken) =>
        TellAfterAsync(key, SetCoreAsync(key, entry, life, cancellationToken));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer<bool>> SetCoreAsync(
        string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken)
    {
        // In this order on one connection, and both on their way before either is awaited: a load that began before cannot be stored after.
        var lease = gateway.DeleteAsync(default, LeaseOf(key), cancellationToken);
        var set = gateway.SetAsync(_prefix, key, entry, life, cancellationToken);
        var removed = await lease.ConfigureAwait(false);
        var stored = await set.ConfigureAwait(false);
        return removed.IsAnswered ? stored : new Answer<bool>(stored.IsAnswered ? removed.Fault : stored.Fault);
    }

    public ValueTask<Answer<bool>> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        return TellAfterAsync(key, gateway.DeleteBothAsync(KeyPrefix + key, LeaseOf(key), cancellationToken));
    }

    public ValueTask<Answer<bool>> ExtendAsync(string key, TimeSpan life, CancellationToken cancellationToken) =>
        ForgetAfterAsync(key, gateway.ExpireAsync(_prefix, key, life, cancellationToken));

    public ValueTask<Answer<bool>> ExtendAsync(string key, SeenPart seen, TimeSpan life) =>
        ForgetAfterAsync(
            key, IsDoneAsync(EvaluateAsync(ExtendScript, key, new ContentArguments(Milliseconds(life), seen.At, 0, seen.Bytes))));

    // Another end is no longer the one that is remembered.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer<bool>> ForgetAfterAsync(string key, ValueTask<Answer<bool>> extension)
    {
        try
        {
            return await TellAfterAsync(key, extension).ConfigureAwait(false);
        }
        finally
        {
            reads?.Forget(key);
        }
    }

    public ValueTask<Answer<long>> VersionAsync(string key, VersionChange change, TimeSpan life, CancellationToken cancellationToken) =>
        change == VersionChange.Look ? LookAsync(key, cancellationToken)
            : change == VersionChange.Ensure ? ChangeAsync(key, change, TagVersion.NewSpread(), life, cancellationToken)
            : TellAfterAsync(key, ChangeAsync(key, change, TagVersion.NewSpread(), life, cancellationToken));

    // Whoever has met an older version meanwhile may have kept what belongs to that.
    public ValueTask<Answer<long>> PutBackAsync(string key, long version, TimeSpan life) =>
        TellAfterAsync(key, ChangeAsync(key, VersionChange.Mend, version, life, CancellationToken.None));

    private async ValueTask<Answer<long>> LookAsync(string key, CancellationToken cancellationToken)
    {
        // Both are on their way before either is awaited.
        var looking = gateway.GetAsync(_prefix, key, TagVersion.ReadLength, cancellationToken);
        var lookingAtCopy = gateway.GetAsync(
            default, SideKey.Of(KeyPrefix, key, SideKey.Copy), TagVersion.ReadLength, cancellationToken);
        var one = Number(await looking.ConfigureAwait(false));
        var other = Number(await lookingAtCopy.ConfigureAwait(false));
        if (!one.IsAnswered || !other.IsAnswered)
        {
            return one.IsAnswered ? other : one;
        }

        var version = TagVersion.Either(one.Value, other.Value);
        if (one.Value != other.Value && TagVersion.WasRemoved(version))
        {
            // One of the two was lost. Nobody waits for its return.
            _ = ChangeAsync(key, VersionChange.Mend, version, TimeSpan.Zero, CancellationToken.None).AsTask();
        }

        return new Answer<long>(version);
    }

    private async ValueTask<Answer<long>> ChangeAsync(
        string key, VersionChange change, long number, TimeSpan life, CancellationToken cancellationToken)
    {
        var arguments = new ContentArguments((long)change, number, Milliseconds(life));
        var answer = await gateway.EvaluateAsync(
            VersionScript, KeyPrefix + key, SideKey.Of(KeyPrefix, key, SideKey.Copy), arguments, cancellationToken).ConfigureAwait(false);
        return answer.IsAnswered ? new Answer<long>(answer.Value.First) : new Answer<long>(answer.Fault);
    }

    // Whatever else stands there is none, and is written over.
    private static Answer<long> Number(in Answer<Payload> found)
    {
        using (found.Value.Owner)
        {
            var bytes = found.Value.Bytes.Span;
            return !found.IsAnswered && found.Fault != Fault.WrongType ? new Answer<long>(found.Fault)
                : new Answer<long>(Utf8Parser.TryParse(bytes, out long number, out var length) && length == bytes.Length
                    ? TagVersion.Plausible(number)
                    : 0);
        }
    }

    private ValueTask<Answer<ContentReply>> EvaluateAsync(RedisScript script, string key, ContentArguments arguments)
    {
        return gateway.EvaluateAsync(script, KeyPrefix + key, LeaseOf(key), arguments, CancellationToken.None);
    }

    // The copies of this process and of others are told of a change when it has been made, and also when nobody knows whether it was.
    private ValueTask<Answer<T>> TellAfterAsync<T>(string key, ValueTask<Answer<T>> change)
    {
        return local is null ? change : TellAsync();

        async ValueTask<Answer<T>> TellAsync()
        {
            try
            {
                return await change.ConfigureAwait(false);
            }
            finally
            {
                local.Change(key);
            }
        }
    }

    private string LeaseOf(string key) => SideKey.Of(KeyPrefix, key, SideKey.Lease);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Answer<bool>> IsDoneAsync(ValueTask<Answer<ContentReply>> reply)
    {
        var answer = await reply.ConfigureAwait(false);
        return answer.IsAnswered ? new Answer<bool>(answer.Value.First == 1) : new Answer<bool>(answer.Fault);
    }

    private static LeaseReply Read(in ContentReply reply) =>
        new((LeaseStatus)reply.First, reply.Second, TimeSpan.FromMilliseconds(reply.Third), reply.Fourth);

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}
