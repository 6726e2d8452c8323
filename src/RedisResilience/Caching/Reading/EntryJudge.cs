using System.Runtime.CompilerServices;
using System.Text;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>
/// Decides whether an entry is fresh, stale or of no use. Its age is its whole life less the time to live that the server reports, so
/// processes with different clocks agree.
/// </summary>
internal sealed class EntryJudge(TagStamps tags, int maximumEntrySize, TimeProvider timeProvider)
{
    private const int SeenLength = EntryFormat.FixedLength;

    /// <param name="answer">The bytes that were read. Their buffer goes with the result, or back to the pool.</param>
    /// <param name="options">How long a stale entry may be served. Null for a read of fresh entries only.</param>
    /// <param name="since">When the request began that reads.</param>
    public ValueTask<ReadResult> JudgeAsync(in Answer<StoredEntry> answer, CacheEntryOptions? options, long since)
    {
        if (!answer.IsAnswered)
        {
            return new ValueTask<ReadResult>(new ReadResult(EntryState.Unknown, Fault: answer.Fault));
        }

        var entry = answer.Value;
        if (!entry.Payload.Exists)
        {
            return new ValueTask<ReadResult>(new ReadResult(EntryState.Missing));
        }

        if (entry.Kind == EntryKind.Plain)
        {
            var hit = CachedResponse.Hit(entry.Payload.Bytes, entry.Payload.Owner, entry.TimeToLive);
            return new ValueTask<ReadResult>(new ReadResult(EntryState.Fresh, hit with { Description = entry.Description }));
        }

        if (!entry.Kind.IsReadable())
        {
            return new ValueTask<ReadResult>(Void(entry));
        }

        var header = new EntryHeader(entry.Payload.Bytes.Span);
        var areValid = tags.AreValidAsync(header, entry.Payload.Bytes, since);
        return areValid.IsCompletedSuccessfully
            ? new ValueTask<ReadResult>(areValid.Result ? Judge(header, entry, options) : Void(entry))
            : AwaitAsync(areValid, header, entry, options);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AwaitAsync(
        ValueTask<bool> areValid, EntryHeader header, StoredEntry entry, CacheEntryOptions? options) =>
        await areValid.ConfigureAwait(false) ? Judge(header, entry, options) : Void(entry);

    private static ReadResult Void(in StoredEntry entry)
    {
        var seen = Head(entry);
        entry.Payload.Owner?.Dispose();
        return new ReadResult(EntryState.Missing, ExpectedHeader: seen);
    }

    private ReadResult Judge(in EntryHeader header, in StoredEntry entry, CacheEntryOptions? options)
    {
        var age = entry.TimeToLive is { } left ? header.TimeToLive - left : timeProvider.GetUtcNow() - header.Created;
        age = age > TimeSpan.Zero ? age : TimeSpan.Zero;
        if (entry.TimeToLive is null && header.FreshFor == header.TimeToLive && age >= header.FreshFor)
        {
            // It is there, so its life was prolonged, and it was to be fresh for as long as it lives.
            age = TimeSpan.Zero;
        }

        var fresh = header.FreshFor - age;
        if (fresh > TimeSpan.Zero)
        {
            return options is { EarlyRefreshFactor: > 0 } && IsTime(fresh, header.LoadCost, options.EarlyRefreshFactor)
                ? new ReadResult(EntryState.DueForRefresh, Respond(header, entry, CacheOutcome.Hit, age), Head(entry))
                : new ReadResult(EntryState.Fresh, Respond(header, entry, CacheOutcome.Hit, age));
        }

        var state = options is null ? EntryState.Missing
            : -fresh < options.StaleWhileRevalidate ? EntryState.Stale
            : -fresh < options.StaleIfError ? EntryState.StaleIfError
            : EntryState.Missing;
        return state == EntryState.Missing ? Void(entry) with { Response = CachedResponse.Expired }
            : new ReadResult(state, Respond(header, entry, CacheOutcome.Stale, age), Head(entry));
    }

    // XFetch: at a time to go of τ, a reader of an entry whose load takes Δ refreshes it with the probability e^(-τ/βΔ).
    private static bool IsTime(TimeSpan left, TimeSpan loadCost, double eagerness) =>
        left.Ticks <= -Math.Log(1 - Random.Shared.NextDouble()) * eagerness * loadCost.Ticks;

    private CachedResponse Respond(in EntryHeader header, in StoredEntry entry, CacheOutcome outcome, TimeSpan age)
    {
        if (header.IsNegative)
        {
            entry.Payload.Owner?.Dispose();
            return CachedResponse.Nothing(outcome) with { Age = age };
        }

        var bytes = entry.Payload.Bytes;
        var left = header.FreshFor - age;
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        var response = entry.IsHead
            ? CachedResponse.Unchanged(left)
            : CachedResponse.Hit(bytes[header.BodyAt..], entry.Payload.Owner, left);
        return response with
        {
            Outcome = outcome,
            Age = age,
            DecodedLimit = maximumEntrySize,
            Description = entry.Description ?? ResponseDescription.Of(header, bytes),
        };
    }

    private static ReadOnlyMemory<byte> Head(in StoredEntry entry) =>
        entry.Payload.Bytes[..Math.Min(SeenLength, entry.Payload.Bytes.Length)].ToArray();
}
