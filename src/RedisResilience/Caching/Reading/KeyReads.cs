using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The reads of one key while there are any: one under way, and behind it those who came after it was sent and wait for the
/// next.</summary>
/// <remarks>
/// Nobody joins a read that has been sent. It may have been executed before the newcomer's call began, and then it would not know of an
/// invalidation that was acknowledged, to whichever process, in between.
/// </remarks>
internal sealed class KeyReads : IThreadPoolWorkItem
{
    private readonly EntryFetch _fetch;
    private readonly CrowdTimer _crowds;
    private readonly Action _onAnswer;
    private ReadGroup _underWay;
    private ConfiguredValueTaskAwaitable<Answer<StoredEntry>>.ConfiguredValueTaskAwaiter _answer;

    public KeyReads(EntryFetch fetch, CrowdTimer crowds, ReadStripe stripe)
    {
        _fetch = fetch;
        _crowds = crowds;
        Stripe = stripe;
        _onAnswer = OnAnswer;
    }

    public ReadStripe Stripe { get; }

    public string Key { get; set; } = "";

    /// <summary>Those whose read has not been sent. Under the stripe's lock.</summary>
    public ReadGroup Gathering { get; set; }

    /// <summary>What they wait for beside the read under way. Under the stripe's lock.</summary>
    public Crowd Crowd;

    /// <summary>Under the lock of whoever watches.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Sends one read for all of a group.</summary>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Awaited by hand, once: an async method would "
        + "allocate, for nobody waits for its end.")]
    public void Send(ReadGroup group)
    {
        _underWay = group;
        _answer = _fetch.ReadAsync(group.Read).ConfigureAwait(false).GetAwaiter();
        if (_answer.IsCompleted)
        {
            OnAnswer();
        }
        else
        {
            _answer.UnsafeOnCompleted(_onAnswer);
        }
    }

    /// <summary>Has the next read sent when it is time, after so many were told.</summary>
    public void Continue(int told)
    {
        if (Stripe.TryWait(this, told))
        {
            _crowds.Watch(this);
        }
        else
        {
            TakeTurn();
        }
    }

    /// <summary>Sends the next read behind what the pool has to do already: each request that has arrived may bring a reader who shares it.
    /// Nothing to do, no wait.</summary>
    public void TakeTurn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Sends the next read, for all who have gathered until now; or leaves the key at rest.</summary>
    public void Execute()
    {
        if (Stripe.TryAdvance(this, out var next))
        {
            Send(next);
        }
    }

    /// <summary>Has the next read sent if it has waited for too long. False when it does not wait any more.</summary>
    public bool EndLongWait()
    {
        if (Stripe.TryGiveUp(this, out var isWaiting))
        {
            TakeTurn();
        }

        return isWaiting;
    }

    private void OnAnswer()
    {
        var answer = _answer.GetResult();
        var group = _underWay;
        _answer = default;
        _underWay = default;
        if (!answer.IsAnswered)
        {
            // Who waited behind a read that got no answer has waited long enough: a second deadline on top of the first would be too much.
            Stripe.Close(this).Refuse(answer, lastIsInline: false);
            group.Refuse(answer, lastIsInline: true);
        }
        else if (group.Count == 1 && Stripe.TryRest(this))
        {
            // Alone: what it does now, such as to read again, is begun anew.
            group.First!.Answer(answer);
        }
        else
        {
            new SharedAnswer(answer, group, this).Execute();
        }
    }
}
