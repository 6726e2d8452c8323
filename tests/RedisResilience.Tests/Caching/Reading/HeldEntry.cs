using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>A Redis of one entry, which counts what is moved.</summary>
internal sealed class HeldEntry
{
    public const string Key = "key";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private const int MaximumEntrySize = 1 << 20;

    private byte[]? _entry;

    public HeldEntry()
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.GetAsync(It.IsAny<RedisKeyPrefix>(), Key, It.IsAny<int>(), It.IsAny<CancellationToken>())).Returns(
            (RedisKeyPrefix _, string _, int length, CancellationToken _) => length > MaximumEntrySize ? WholeAsync() : HeadAsync(length));
        gateway.GetsTimeToLive(new Answer<TimeSpan?>(Life));
        Cache = Caches.Over(gateway.Object, MaximumEntrySize);
    }

    public ResponseCache Cache { get; }

    public int Whole { get; private set; }

    public int Heads { get; private set; }

    public Fault HeadFault { get; set; }

    /// <summary>Holds whole reads back.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public void Remove() => _entry = null;

    public void Put(string tag, int bodyLength, TimeSpan? freshFor = null)
    {
        var metadata = new EntryMetadata
        {
            Created = DateTimeOffset.UnixEpoch,
            FreshFor = freshFor ?? Life,
            TimeToLive = Life,
            ContentType = "text/plain",
            EntityTag = tag,
            Annotation = new byte[] { 7 },
        };
        _entry = new byte[EntryWriter.GetLength(metadata, bodyLength)];
        EntryWriter.Write(metadata, EntryKey.Hash("", Key), new byte[bodyLength], _entry);
    }

    public void PutPlain(int bodyLength) => _entry = new byte[bodyLength];

    public async Task<CachedResponse> ReadAsync(string held) => await Cache.GetIfNoneMatchAsync(Key, held);

    private async ValueTask<Answer<Payload>> WholeAsync()
    {
        Whole++;
        await (Gate?.Task ?? Task.CompletedTask);
        return Answer(_entry);
    }

    private ValueTask<Answer<Payload>> HeadAsync(int length)
    {
        Heads++;
        return new ValueTask<Answer<Payload>>(
            HeadFault == Fault.None ? Answer(_entry?[..Math.Min(length, _entry.Length)]) : new Answer<Payload>(HeadFault));
    }

    private static Answer<Payload> Answer(byte[]? bytes) => new(new Payload(bytes is not null, bytes, null));
}
