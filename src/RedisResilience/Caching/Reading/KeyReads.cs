using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The reads of one key: one read is under way, and callers who came after it was sent wait for the next one.</summary>
/// <remarks>
/// A caller never joins a read that was sent before the caller came. Redis may have executed that read before an invalidation that some
/// process was told of before this caller began.
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

    /// <summary>The callers whose read has not been sent. Use it under the stripe's lock.</summary>
    public ReadGroup Gathering { get; set; }

    /// <summary>What is known of the key's readers. It decides how long the next read waits. Use it under the stripe's lock.</summary>
    public Crowd Crowd;

    /// <summary>Whether the timer watches this key. Use it under the timer's lock.</summary>
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

    /// <summary>
    /// Sends the next read at once, or lets it wait for a crowd, after a read has answered <paramref name="told"/> callers.
    /// </summary>
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

    /// <summary>
    /// Queues the next read behind the work items of the thread pool. Each of them may bring one more caller who shares the read. On an
    /// idle pool the read is sent at once.
    /// </summary>
    public void TakeTurn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Sends the next read for all callers who have gathered. If nobody has, the key has no read any more.</summary>
    public void Execute()
    {
        if (Stripe.TryAdvance(this, out var next))
        {
            Send(next);
        }
    }

    /// <summary>Sends the next read if it has waited for too long. Returns false when the read does not wait any more.</summary>
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
