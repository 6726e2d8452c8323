using static RedisResilience.Mongo.Quotas.Expression;

namespace RedisResilience.Mongo.Quotas;

/// <summary>
/// The single update that decides a call: which permits still count, which go back, which are granted or prefetched, and where they are
/// counted.
/// </summary>
internal static class QuotaUpdate
{
    /// <summary>A batch doubles when the previous one was spent within this time. Otherwise it begins again with one permit.</summary>
    public const long QuickMilliseconds = 1000;

    private const long LongestWay = 5000;
    private static readonly BsonDocument Nothing = new("$literal", new BsonArray());

    public static UpdateDefinition<BsonDocument> Of(QuotaTerms terms, QuotaRequest request)
    {
        var window = terms.Window;
        var back = (long)request.Back + request.Drained;
        var fits = request.TakesFewer
            ? Call("$max", 0L, Call("$min", (long)request.Permits, Call("$subtract", (long)terms.Permits, "$used")))
            : If(Call("$lte", Call("$add", "$used", (long)request.Permits), (long)terms.Permits), (long)request.Permits, 0L);
        BsonDocument[] stages =
        [
            Set("now", Call("$toLong", "$$NOW")),
            Set("count", Call("$ifNull", "$count", NewCount())),
            Set("newest", window.Newest),
            Set("isOther", Call("$ne", Call("$ifNull", "$kind", window.Kind), window.Kind)),
            Set("others", If("$isOther", request.Drained > 0 ? WithoutOldest("$buckets", request.Drained) : "$buckets", Nothing)),
            Set("buckets", If(Call("$eq", "$kind", window.Kind), Alive(window), Nothing)),
            Set("buckets", request.Refund > 0 ? Refunded(request, window) : "$buckets"),
            Set("buckets", back > 0 ? WithoutOldest("$buckets", back) : "$buckets"),
            Set("used", Call("$sum", "$buckets.n")),
            Set("granted", fits),
            Set("leased", request.CanLease ? Lease(terms) : 0L),
            Set("leasedAt", If(Call("$gt", "$leased", 0L), "$now", Call("$ifNull", "$leasedAt", 0L))),
            Set("current", window.IsOpenedByUse ? Call("$ifNull", Call("$min", "$buckets.to"), "$newest") : "$newest"),

            // What another kind has counted is given up when this one takes something, and not when it only looks.
            Set("isOther", If("$isOther", Call("$eq", Call("$add", "$granted", "$leased"), 0L), false)),
            Set("buckets", If("$isOther", "$others", Counted())),
            Set("kind", If("$isOther", "$kind", window.Kind)),
            Set("expireAt", If("$isOther", "$expireAt", Call("$toDate", Call("$add", "$newest", window.Hold)))),
            new BsonDocument("$unset", new BsonArray { "newest", "isOther", "others" }),
        ];
        return Builders<BsonDocument>.Update.Pipeline(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages));
    }

    /// <summary>Forgets what was taken. The document stays, and says when that was.</summary>
    public static UpdateDefinition<BsonDocument> Reset() =>
        Builders<BsonDocument>.Update.Pipeline(PipelineDefinition<BsonDocument, BsonDocument>.Create(
            Set("resetAt", Call("$toLong", "$$NOW")), Set("count", NewCount()), Set("buckets", Nothing), Set("leasedAt", 0L)));

    private static long NewCount() => Random.Shared.NextInt64();

    // Nothing goes back to a count that has begun since. Permits that stood in Redis name no count, but the time when they were asked for;
    // and that time is later by as long as the refund was under way.
    private static BsonDocument Refunded(QuotaRequest request, QuotaWindow window)
    {
        var isOfThisCount = request.RefundOf is { } count
            ? Call("$eq", "$count", count)
            : Call(
                "$gt",
                Call("$subtract", "$now", (long)request.RefundAge.TotalMilliseconds + LongestWay),
                Call("$ifNull", "$resetAt", 0L));
        return If(isOfThisCount, WithoutOldest("$buckets", request.Refund, LastFor(request.RefundFor, window)), "$buckets");
    }

    // A bucket of a longer window ends no later than one of this that begins now.
    private static BsonDocument Alive(QuotaWindow window)
    {
        var shortened = Map("$buckets", new BsonDocument { { "to", Call("$min", "$$this.to", "$newest") }, { "n", "$$this.n" } });
        return Filter(shortened, Call("$gt", Call("$add", "$$this.to", window.Hold), "$now"));
    }

    // A bucket is known by its end, which is told as exactly as clocks and round trips allow.
    private static BsonDocument LastFor(TimeSpan time, QuotaWindow window) =>
        Call("$add", "$now", (long)time.TotalMilliseconds + Math.Min(window.ShortestMilliseconds / 2, LongestWay));

    // Given back is what would come back first, so that the rest counts for as long as it must; and nothing that ends later than the bucket
    // from which it was taken.
    private static BsonDocument WithoutOldest(string buckets, long back, BsonValue? until = null)
    {
        BsonValue taken = Call("$min", "$$value.back", "$$this.n");
        taken = until is null ? taken : If(Call("$lte", "$$this.to", until), taken, 0L);
        var rest = new BsonDocument { { "to", "$$this.to" }, { "n", Call("$subtract", "$$this.n", taken) } };
        var walk = new BsonDocument("$reduce", new BsonDocument
        {
            { "input", buckets },
            { "initialValue", new BsonDocument { { "back", back }, { "kept", Nothing } } },
            {
                "in", new BsonDocument
                {
                    { "back", Call("$subtract", "$$value.back", taken) },
                    { "kept", Call("$concatArrays", "$$value.kept", new BsonArray { rest }) },
                }
            },
        });
        return Filter(
            new BsonDocument("$let", new BsonDocument { { "vars", new BsonDocument("walked", walk) }, { "in", "$$walked.kept" } }),
            Call("$gt", "$$this.n", 0L));
    }

    private static BsonDocument Lease(QuotaTerms terms)
    {
        var isQuick = Call("$lt", Call("$subtract", "$now", Call("$ifNull", "$leasedAt", 0L)), QuickMilliseconds);
        var wanted = If(isQuick, Call("$multiply", 2L, Call("$max", 1L, "$leased")), 1L);
        var left = Call("$subtract", (long)terms.Permits, Call("$add", "$used", "$granted"));
        var lease = Call("$max", 0L, new BsonDocument("$min", new BsonArray { wanted, left, (long)terms.MaximumPrefetch }));
        return If(Call("$gt", "$granted", 0L), lease, 0L);
    }

    private static BsonDocument Counted()
    {
        var taken = Call("$add", "$granted", "$leased");
        var ofCurrent = Filter("$buckets", Call("$eq", "$$this.to", "$current"));
        var before = new BsonDocument("$sum", Map(ofCurrent, "$$this.n"));
        var bucket = new BsonDocument { { "to", "$current" }, { "n", Call("$add", before, taken) } };
        var others = Filter("$buckets", Call("$ne", "$$this.to", "$current"));
        return If(Call("$gt", taken, 0L), Call("$concatArrays", others, new BsonArray { bucket }), "$buckets");
    }
}
