using System.Collections.Concurrent;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>
/// This process's copies of the versions of tags or namespaces. A copy is valid for a short time, and is refreshed before that time is
/// over.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="keyPart">Stands before their names.</param>
/// <param name="shortestLife">The shortest life of a removal's version.</param>
/// <param name="maximumAge">How long a copy is good.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="isPutBack">Whether a process that knows a version writes it again where the store has lost it.</param>
/// <param name="changed">Called when something else is known of a version than before, or nothing any more.</param>
internal sealed class VersionCopies(
    IEntryStore store, string keyPart, TimeSpan shortestLife, TimeSpan maximumAge, TimeProvider timeProvider,
    bool isPutBack = false, Action? changed = null)
{
    private const int Capacity = 16_384;

    // Short of the age of what was never said.
    private static readonly TimeSpan AnyAge = TimeSpan.MaxValue - TimeSpan.FromTicks(1);

    private readonly ConcurrentDictionary<string, VersionCopy> _copies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _doubts = new(StringComparer.Ordinal);

    /// <summary>
    /// The version, or zero when there is none. Null when the store did not answer, or a removal of this process has not reached it.
    /// </summary>
    /// <param name="name">Of the tag or namespace.</param>
    /// <param name="since">When the request began that asks. Null: it begins with this.</param>
    public ValueTask<long?> GetAsync(ReadOnlySpan<char> name, long? since = null)
    {
        if (!_doubts.IsEmpty && _doubts.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name))
        {
            return new ValueTask<long?>(default(long?));
        }

        var now = timeProvider.GetTimestamp();
        var copy = Find(name);
        if (maximumAge > TimeSpan.Zero && copy.TryGet(now, maximumAge, out var version, out var isOld))
        {
            if (isOld)
            {
                _ = copy.RefreshAsync();
            }

            return new ValueTask<long?>(version);
        }

        return AskAsync(copy, now, maximumAge, since);
    }

    /// <summary>The last known version, however old. Zero when none is known.</summary>
    public long Last(ReadOnlySpan<char> name) =>
        Find(name).TryGet(timeProvider.GetTimestamp(), AnyAge, out var version, out _) ? version : 0;

    /// <summary>The current version. Null when the store did not answer.</summary>
    public ValueTask<long?> AskAsync(ReadOnlySpan<char> name, long? since = null) =>
        AskAsync(Find(name), timeProvider.GetTimestamp(), TimeSpan.Zero, since);

    /// <summary>The version, which is created if there is none, with at least the given life. Null when the store did not answer.</summary>
    public async ValueTask<long?> EnsureAsync(string name, TimeSpan life, long? since)
    {
        // Looked up before: a removal that ends meanwhile makes another copy, and this answer may be from before it.
        var copy = Find(name);
        var askedAt = timeProvider.GetTimestamp();
        var answer = await Through(since).VersionAsync(keyPart + name, VersionChange.Ensure, life, CancellationToken.None)
            .ConfigureAwait(false);
        if (!answer.IsAnswered || _doubts.ContainsKey(name))
        {
            return null;
        }

        copy.Learn(answer.Value, askedAt);
        return answer.Value;
    }

    /// <summary>Makes the version another. False when the store does not say that it has.</summary>
    public async ValueTask<bool> ReplaceAsync(string name, CancellationToken cancellationToken)
    {
        var askedAt = timeProvider.GetTimestamp();
        var answer = await store.VersionAsync(keyPart + name, VersionChange.Replace, shortestLife, cancellationToken).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            // Another copy, so that no answer counts that is on its way.
            _copies.AddOrUpdate(
                name,
                static (name, made) => made.Copies.NewCopy(name).After(made.Version, made.AskedAt),
                static (_, copy, made) => copy.After(made.Version, made.AskedAt),
                (Copies: this, Version: answer.Value, AskedAt: askedAt));
            changed?.Invoke();
        }
        else
        {
            Forget(name);
        }

        return answer.IsAnswered;
    }

    /// <summary>What is known of a version is not good any more.</summary>
    public void Forget(string name)
    {
        _copies.TryRemove(name, out _);
        changed?.Invoke();
    }

    /// <summary>A removal has not reached the store: nothing is valid under this name until it has.</summary>
    public void Doubt(string name) => _doubts[name] = 0;

    public void Trust(string name)
    {
        Forget(name);
        _doubts.TryRemove(name, out _);
    }

    private static async ValueTask<long?> AskAsync(VersionCopy copy, long now, TimeSpan age, long? since)
    {
        // Twice at most, and in the time of once: a question that was under way may have been answered before this one was asked.
        return await copy.RefreshAsync(since).ConfigureAwait(false)
            && (copy.TryGet(now, age, out var version, out _)
                || (await copy.RefreshAsync(since ?? now).ConfigureAwait(false) && copy.TryGet(now, age, out version, out _)))
            ? version
            : null;
    }

    private IEntryStore Through(long? since) => since is { } startedAt ? store.Since(startedAt) : store;

    private VersionCopy Find(ReadOnlySpan<char> name)
    {
        var lookup = _copies.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var copy))
        {
            return copy;
        }

        // Names are few; where they are not, all are asked for again.
        if (_copies.Count >= Capacity)
        {
            _copies.Clear();
            changed?.Invoke();
        }

        var text = name.ToString();
        return _copies.GetOrAdd(text, NewCopy(text));
    }

    private VersionCopy NewCopy(string name) => new(keyPart + name, store, timeProvider, isPutBack ? shortestLife : null, changed);
}
