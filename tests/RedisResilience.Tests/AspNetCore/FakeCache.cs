using System.Collections.Concurrent;
using System.Text;
using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore;

/// <summary>A cache in memory that counts, and whose answers can be held back. Its entries are as old as a test says.</summary>
internal sealed class FakeCache : IResponseCache
{
    private readonly ConcurrentDictionary<string, Task<SourceResponse>> _loads = new();
    private int _waiting;

    public ConcurrentDictionary<string, FakeEntry> Entries { get; } = new();

    public List<string> Read { get; } = [];

    public TimeSpan? Remaining { get; set; } = TimeSpan.FromSeconds(42);

    public TimeSpan? StoredFor { get; private set; }

    public CacheEntryOptions? Options { get; private set; }

    /// <summary>How many responses were given that are to be disposed, and how often one was.</summary>
    public int Lent { get; private set; }

    public int Disposed { get; private set; }

    public int Loads { get; private set; }

    /// <summary>How many callers wait for another's load.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public ReadOnlyMemory<byte> LastStored { get; private set; }

    public List<(string Key, TimeSpan TimeToLive)> Extended { get; } = [];

    public TaskCompletionSource? ReadGate { get; set; }

    /// <summary>Reads go unanswered.</summary>
    public bool IsSilent { get; set; }

    public Task<bool> Storing { get; set; } = Task.FromResult(true);

    /// <summary>Thrown in place of a load.</summary>
    public Exception? Overload { get; set; }

    /// <summary>Another's response, which comes while the caller's own source runs: that is told to stop.</summary>
    public SourceResponse? Rival { get; set; }

    public string Text(string key) => Encoding.UTF8.GetString(Entries[key].Body);

    public void Put(string key, string text) => Put(key, new FakeEntry(Encoding.UTF8.GetBytes(text)));

    public void Put(string key, FakeEntry entry) => Entries[key] = entry;

    public async ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default)
    {
        Read.Add(key);
        if (ReadGate is { } gate)
        {
            await gate.Task;
        }

        return IsSilent ? new CachedResponse { Outcome = CacheOutcome.Unavailable }
            : Entries.TryGetValue(key, out var entry) && entry.IsStale ? new CachedResponse { Outcome = CacheOutcome.Expired }
            : Find(key);
    }

    public ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken = default) => new(Find(key));

    /// <summary>What is said of an entry that a client may hold; default: the whole entry.</summary>
    public CachedResponse? Held { get; set; }

    public ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string entityTags, CancellationToken cancellationToken = default) =>
        Held is { } held ? new ValueTask<CachedResponse>(held) : GetWithTimeToLiveAsync(key, cancellationToken);

    public async ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key, CacheEntryOptions options, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default)
    {
        Options = options;
        if (Overload is not null)
        {
            throw Overload;
        }

        if (Rival is { } rival)
        {
            using var stopping = new CancellationTokenSource();
            _ = source(state, stopping.Token).AsTask();
            await stopping.CancelAsync();
            return Describe(rival, CacheOutcome.Collapsed);
        }

        var load = new TaskCompletionSource<SourceResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = _loads.GetOrAdd(key, load.Task);
        if (first != load.Task)
        {
            Interlocked.Increment(ref _waiting);
            var others = await first.WaitAsync(cancellationToken);
            return others.HasBody ? Describe(others, CacheOutcome.Collapsed) : default;
        }

        try
        {
            Loads++;
            var response = await source(state, CancellationToken.None);
            load.SetResult(response);
            return response.HasBody ? Store(key, response, options) : default;
        }
        catch (Exception exception)
        {
            load.SetException(exception);
            _ = load.Task.Exception;
            if (!Entries.ContainsKey(key) || options.StaleIfError == TimeSpan.Zero)
            {
                throw;
            }

            return Find(key);
        }
        finally
        {
            _loads.TryRemove(key, out _);
        }
    }

    public async ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default) =>
        await GetWithTimeToLiveAsync(key, cancellationToken).AsTask().WaitAsync(cancellationToken);

    public async ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default)
    {
        Store(key, response, options);
        return await Storing.WaitAsync(cancellationToken);
    }

    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        Extended.Add((key, timeToLive));
        return new ValueTask<bool>(true);
    }

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => new(Entries.TryRemove(key, out _));

    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        foreach (var (key, _) in Entries.Where(entry => entry.Value.Tags.Contains(tag)))
        {
            Entries.TryRemove(key, out _);
        }

        return new ValueTask<bool>(true);
    }

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private static CachedResponse Describe(in SourceResponse response, CacheOutcome outcome) => CachedResponse.Hit(response.Body) with
    {
        Outcome = outcome,
        ContentType = response.ContentType,
        ContentEncoding = response.ContentEncoding,
        ETag = response.ETag,
        Annotation = response.Annotation,
    };

    private CachedResponse Find(string key) => Entries.TryGetValue(key, out var entry)
        ? CachedResponse.Hit(entry.Body, new Owner(this), Remaining) with
        {
            Outcome = entry.IsStale ? CacheOutcome.Stale : CacheOutcome.Hit,
            Age = entry.Age,
            ContentType = entry.ContentType,
            ContentEncoding = entry.Encoding,
            ETag = entry.ETag,
            Annotation = entry.Annotation,
        }
        : default;

    private CachedResponse Store(string key, in SourceResponse response, CacheEntryOptions options)
    {
        StoredFor = response.TimeToLive ?? options.TimeToLive;
        LastStored = response.Body;
        Entries[key] = new FakeEntry(response.Body.ToArray())
        {
            ContentType = response.ContentType,
            Encoding = response.ContentEncoding,
            ETag = response.ETag,
            Annotation = response.Annotation.ToArray(),
            Source = response,
            Tags = options.Tags,
        };
        _ = ReleaseAsync(response.Owner);
        return CachedResponse.Created(response.Body) with { IsStored = true };
    }

    private async Task ReleaseAsync(IDisposable? owner)
    {
        await Storing;
        owner?.Dispose();
    }

    private sealed class Owner : IDisposable
    {
        private readonly FakeCache _cache;

        public Owner(FakeCache cache)
        {
            _cache = cache;
            _cache.Lent++;
        }

        public void Dispose() => _cache.Disposed++;
    }
}
