using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The reads of one key while there are any: one under way, and behind it those who came after it was sent and wait for the next.</summary>
/// <remarks>
/// Nobody joins a read that has been sent. It may have been executed before the newcomer's call began, and then it would not know of an
/// invalidation that was acknowledged, to whichever process, in between.
/// </remarks>
internal sealed class KeyReads : IThreadPoolWorkItem
{
    private readonly EntryFetch _fetch;
    private readonly Action _onAnswer;
    private ReadGroup _underWay;
    private ConfiguredValueTaskAwaitable<Answer<StoredEntry>>.ConfiguredValueTaskAwaiter _answer;

    public KeyReads(EntryFetch fetch, ReadStripe stripe)
    {
        _fetch = fetch;
        Stripe = stripe;
        _onAnswer = OnAnswer;
    }

    public ReadStripe Stripe { get; }

    public string Key { get; set; } = "";

    /// <summary>Those whose read has not been sent. Under the stripe's lock.</summary>
    public ReadGroup Gathering { get; set; }

    /// <summary>Sends one read for all of a group.</summary>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Awaited by hand, once: an async method would allocate, for nobody waits for its end.")]
    public void Send(ReadGroup group)
    {
        _underWay = group;
        _answer = _fetch.ReadAsync(Key, group.WantsTimeToLive).ConfigureAwait(false).GetAwaiter();
        if (_answer.IsCompleted)
        {
            OnAnswer();
        }
        else
        {
            _answer.UnsafeOnCompleted(_onAnswer);
        }
    }

    /// <summary>Sends the next read, for all who have gathered until now.</summary>
    public void Execute() => Send(Stripe.Advance(this));

    private void OnAnswer()
    {
        var answer = _answer.GetResult();
        var group = _underWay;
        _answer = default;
        _underWay = default;
        if (answer.IsAnswered)
        {
            // Behind those who are answered now: what they do at once, such as to come again, may bring more together. Nobody is waited for.
            group.Answer(answer, Stripe.TryRest(this) ? null : this);
        }
        else
        {
            // Who waited behind a read that got no answer has waited long enough: a second deadline on top of the first would be too much.
            Stripe.Close(this).Refuse(answer);
            group.Answer(answer, behind: null);
        }
    }
}
