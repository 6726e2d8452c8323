using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>A store that answers as the test says, when the test says.</summary>
internal sealed class FakeLeaseStore : ILeaseStore
{
    public List<HeldLease[]> Renewed { get; } = [];

    public List<HeldLease> Released { get; } = [];

    /// <summary>Which leases still stand. Null: nobody can be asked.</summary>
    public long? Standing { get; set; } = ~0;

    /// <summary>Which leases there are to be taken back. Null: nobody can be asked.</summary>
    public long? Found { get; set; } = ~0;

    public bool IsAway { get; set; }

    /// <summary>Answers of renewals that the test gives itself. Null: they come at once.</summary>
    public List<TaskCompletionSource<long?>>? Pending { get; set; }

    public ValueTask<long?> RenewAsync(params ReadOnlySpan<HeldLease> leases)
    {
        lock (Released)
        {
            Renewed.Add(leases.ToArray());
            if (Pending is null)
            {
                return new ValueTask<long?>(Standing);
            }

            Pending.Add(new TaskCompletionSource<long?>());
            return new ValueTask<long?>(Pending[^1].Task);
        }
    }

    /// <summary>Answers a renewal, as soon as it has been asked for.</summary>
    public async Task AnswerAsync(int place, long? standing)
    {
        await Eventually.BecomesTrueAsync(() => PendingCount > place);
        Pending![place].SetResult(standing);
    }

    public int PendingCount
    {
        get
        {
            lock (Released)
            {
                return Pending!.Count;
            }
        }
    }

    public ValueTask<long?> ReleaseAsync(params ReadOnlySpan<HeldLease> leases)
    {
        lock (Released)
        {
            Released.AddRange(leases);
        }

        return new ValueTask<long?>(Found);
    }
}
