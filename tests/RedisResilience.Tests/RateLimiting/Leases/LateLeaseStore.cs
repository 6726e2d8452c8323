using System.Threading.Tasks.Sources;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>
/// Real counts behind a way on which the test says when a question arrives and is answered. What waits for an answer goes on in the call
/// that gives it.
/// </summary>
internal sealed class LateLeaseStore(InMemoryRateLimiter counts, FakeTimeProvider clock) : ILeaseStore
{
    private readonly List<Question> _questions = [];

    // Kept, so that none of them is collected and given back.
    private readonly List<ConcurrencyLease> _given = [];
    private readonly Dictionary<(string Key, long Name), DateTimeOffset> _ends = [];

    public async Task<long> GiveAsync(string key, Concurrency limit)
    {
        var lease = (await counts.AcquireAsync(key, limit)).Lease!;
        _given.Add(lease);
        _ends[(key, lease.FencingToken)] = clock.GetUtcNow() + limit.LeaseTime;
        return lease.FencingToken;
    }

    /// <summary>Whether the store still counts a lease, by a record of the test's own.</summary>
    public bool IsStanding(ConcurrencyLease lease) => _ends.TryGetValue(NameOf(lease.Held!), out var end) && end > clock.GetUtcNow();

    /// <summary>Answers one of the questions, or only does what it asks for.</summary>
    public void Answer(int number, bool isLost)
    {
        if (_questions.Count > 0)
        {
            Answer(_questions[number % _questions.Count], isLost);
        }
    }

    public void AnswerOlderThan(DateTimeOffset moment)
    {
        while (_questions.Find(question => question.AskedAt <= moment) is { } question)
        {
            Answer(question, isLost: false);
        }
    }

    public ValueTask<long?> RenewAsync(params ReadOnlySpan<HeldLease> leases)
    {
        var question = new Question(leases.ToArray(), clock.GetUtcNow());
        _questions.Add(question);
        return new ValueTask<long?>(question, 0);
    }

    public ValueTask<long?> ReleaseAsync(params ReadOnlySpan<HeldLease> leases)
    {
        foreach (var lease in leases)
        {
            _ends.Remove(NameOf(lease));
        }

        return ((ILeaseStore)counts).ReleaseAsync(leases);
    }

    // Keys have names of their own here.
    private static (string Key, long Name) NameOf(HeldLease lease) => (lease.Key.Key, lease.Name);

    private void Answer(Question question, bool isLost)
    {
        _questions.Remove(question);
        var standing = ((ILeaseStore)counts).RenewAsync(question.Leases).AsTask().Result ?? 0;
        for (var place = 0; place < question.Leases.Length; place++)
        {
            if ((standing >> place & 1) != 0)
            {
                _ends[NameOf(question.Leases[place])] = clock.GetUtcNow() + question.Leases[place].LeaseTime;
            }
        }

        question.SetResult(isLost ? null : standing);
    }

    private sealed class Question(HeldLease[] leases, DateTimeOffset askedAt) : IValueTaskSource<long?>
    {
        private ManualResetValueTaskSourceCore<long?> _source;

        public HeldLease[] Leases => leases;

        public DateTimeOffset AskedAt => askedAt;

        public void SetResult(long? standing) => _source.SetResult(standing);

        public long? GetResult(short token) => _source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
