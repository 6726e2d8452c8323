using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Mongo.Quotas;
using RedisResilience.Mongo.Reading;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Pools;

namespace RedisResilience.Mongo.Quotas;

/// <summary>
/// A limiter whose counts survive the loss of Redis, for example for calls that a customer has paid for. It counts in MongoDB, in one
/// document for each key, with one atomic update (<c>findAndModify</c> with an aggregation pipeline) and by MongoDB's clock (<c>$$NOW</c>).
/// It needs MongoDB 5.0.
/// </summary>
/// <remarks>
/// <para>It takes <see cref="RateLimit.FixedWindow"/> and <see cref="RateLimit.SlidingWindow"/>, with the same bounds as in Redis, and
/// <see cref="CalendarQuota"/>.</para>
/// <para> With <see cref="RateLimit.WithPrefetch"/>, or <see cref="CalendarQuota.MaximumPrefetch"/>, MongoDB counts permits ahead of their
/// callers, and all processes spend them in Redis. A call then takes a round trip to Redis instead of a write that MongoDB's majority
/// acknowledges. A batch begins with one permit and doubles while it is spent within a second. If Redis loses permits, the key loses them
/// until their time comes back. No permit is given twice, unless a failover of Redis forgets that it was spent. A key without permits is
/// denied in Redis. </para>
/// <para> When MongoDB cannot answer within the deadline, the limit's <see cref="FailurePolicy"/> decides, with
/// <see cref="FailurePolicy.Local"/> as a denial; the permits may have been taken. A TTL index on <c>expireAt</c> removes the documents of
/// keys that are not used any more. </para>
/// </remarks>
// Each pair of overloads differs in a required parameter, so a default can never decide between them.
#pragma warning disable RS0026
[Experimental("RR0001")]
public sealed class MongoQuota : IRateLimiter
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);
    private const int FailureThreshold = 5;

    private readonly QuotaLimiter _limiter;
    private readonly TimeProvider _time;

    /// <summary>Makes a limiter. It does not connect to anything yet.</summary>
    /// <param name="collection">
    /// The collection that holds the counts. Writes use write concern <c>majority</c>, whatever the collection's settings are.
    /// </param>
    /// <param name="pool">
    /// Holds prefetched permits: the application's <see cref="IPermitPool"/>. Default: null, so every call asks MongoDB.
    /// </param>
    /// <param name="commandDeadline">How long a call waits for MongoDB, up to 1 hour. Default: null, 2 s.</param>
    /// <param name="timeProvider">The clock of this process. Default: null, the system's.</param>
    /// <param name="logger">Gets one line when MongoDB stops answering. Default: null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="collection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="commandDeadline"/> is out of its range.</exception>
    public MongoQuota(
        IMongoCollection<BsonDocument> collection,
        IPermitPool? pool = null,
        TimeSpan? commandDeadline = null,
        TimeProvider? timeProvider = null,
        ILogger<MongoQuota>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        var deadline = commandDeadline ?? DefaultDeadline;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero, nameof(commandDeadline));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deadline, LongestDeadline, nameof(commandDeadline));
        _time = timeProvider ?? TimeProvider.System;
        logger ??= NullLogger<MongoQuota>.Instance;
        var calls = new MongoCalls(_time, deadline, FailureThreshold, logger);
        _limiter = new QuotaLimiter(new QuotaCounts(collection, calls), pool ?? NoPermitPool.Instance, _time, logger);
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default) =>
        DecideAsync(key, QuotaTerms.Of(key, limit), new QuotaRequest(permits), cancellationToken);

    /// <summary>Takes permits of a quota, or none of them.</summary>
    /// <inheritdoc cref="AcquireAsync(string, RateLimit, int, CancellationToken)"/>
    public ValueTask<RateLimitDecision> AcquireAsync(
        string key, CalendarQuota limit, int permits = 1, CancellationToken cancellationToken = default) =>
        DecideAsync(key, QuotaTerms.Of(key, limit), new QuotaRequest(permits), cancellationToken);

    /// <inheritdoc/>
    public bool TryAcquireLocally(string key, RateLimit limit, int permits, out RateLimitDecision decision)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        var terms = QuotaTerms.Of(key, limit);
        decision = permits > terms.Permits ? Impossible(terms) : default;
        return permits > terms.Permits;
    }

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, RateLimit limit, int permits, CancellationToken cancellationToken = default) =>
        UpToAsync(key, QuotaTerms.Of(key, limit), permits, cancellationToken);

    /// <summary>Takes as many permits of a quota as there are, up to a number.</summary>
    /// <inheritdoc cref="AcquireUpToAsync(string, RateLimit, int, CancellationToken)"/>
    public ValueTask<RateLimitDecision> AcquireUpToAsync(
        string key, CalendarQuota limit, int permits, CancellationToken cancellationToken = default) =>
        UpToAsync(key, QuotaTerms.Of(key, limit), permits, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> WaitAsync(
        string key, RateLimit limit, int permits, TimeSpan maximumWait, CancellationToken cancellationToken = default) =>
        QuotaWait.WaitAsync(() => AcquireAsync(key, limit, permits, cancellationToken), maximumWait, _time, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(string key, RateLimit limit, int permits = 1, CancellationToken cancellationToken = default) =>
        RefundAsync(key, QuotaTerms.Of(key, limit), permits, cancellationToken);

    /// <summary>Gives back permits of a quota that were taken and not used.</summary>
    /// <inheritdoc cref="RefundAsync(string, RateLimit, int, CancellationToken)"/>
    public ValueTask<bool> RefundAsync(string key, CalendarQuota limit, int permits = 1, CancellationToken cancellationToken = default) =>
        RefundAsync(key, QuotaTerms.Of(key, limit), permits, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RefundAsync(
        string key, RateLimit limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default) =>
        RefundAsync(key, QuotaTerms.Of(key, limit), decision, permits, cancellationToken);

    /// <summary>Gives back unused permits of a decision of a quota.</summary>
    /// <inheritdoc cref="RefundAsync(string, RateLimit, RateLimitDecision, int?, CancellationToken)"/>
    public ValueTask<bool> RefundAsync(
        string key, CalendarQuota limit, RateLimitDecision decision, int? permits = null, CancellationToken cancellationToken = default) =>
        RefundAsync(key, QuotaTerms.Of(key, limit), decision, permits, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(string key, RateLimit limit, CancellationToken cancellationToken = default) =>
        _limiter.ResetAsync(key, QuotaTerms.Of(key, limit), cancellationToken);

    /// <summary>Forgets what was counted of a key for a quota.</summary>
    /// <inheritdoc cref="ResetAsync(string, RateLimit, CancellationToken)"/>
    public ValueTask<bool> ResetAsync(string key, CalendarQuota limit, CancellationToken cancellationToken = default) =>
        _limiter.ResetAsync(key, QuotaTerms.Of(key, limit), cancellationToken);

    private ValueTask<RateLimitDecision> UpToAsync(string key, QuotaTerms terms, int permits, CancellationToken cancellationToken) =>
        DecideAsync(key, terms, new QuotaRequest(Math.Min(permits, terms.Permits), TakesFewer: true), cancellationToken);

    private ValueTask<RateLimitDecision> DecideAsync(
        string key, QuotaTerms terms, QuotaRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Permits, "permits");
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<RateLimitDecision>(cancellationToken)
            : request.Permits > terms.Permits ? new ValueTask<RateLimitDecision>(Impossible(terms))
            : _limiter.DecideAsync(key, terms, request, cancellationToken);
    }

    private ValueTask<bool> RefundAsync(string key, QuotaTerms terms, int permits, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        return _limiter.RefundAsync(key, terms, permits, cancellationToken);
    }

    // Nobody has counted what the failure policy let pass, and of what another limiter has given this one knows nothing.
    private ValueTask<bool> RefundAsync(
        string key, QuotaTerms terms, in RateLimitDecision decision, int? permits, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits ?? 0, nameof(permits));
        var back = Math.Min(permits ?? decision.Granted, decision.Granted);
        return back == 0 ? new ValueTask<bool>(true)
            : decision.Receipt is not QuotaReceipt receipt ? new ValueTask<bool>(false)
            : _limiter.RefundAsync(key, terms, receipt, back, cancellationToken);
    }

    private static RateLimitDecision Impossible(QuotaTerms terms) => new()
    {
        IsAllowed = false,
        IsImpossible = true,
        Limit = terms.Permits,
        Remaining = 0,
        Source = DecisionSource.Local,
    };
}
