using RedisResilience.Caching;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Storing;

/// <summary>Makes an entry of a new response, or of one that its origin has confirmed.</summary>
internal static class Composition
{
    // An annotation makes the entry have a header, so that the cache returns its age.
    private static readonly byte[] Mark = [1];
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The fields to store. A response without a date gets the time at which it came (RFC 9110, section 6.6.1).</summary>
    public static IReadOnlyList<FieldLine> Keep(HttpResponseMessage response, IReadOnlySet<string> withheld, DateTimeOffset receivedAt)
    {
        var named = StoredFields.Names(response.Lines("Connection"));
        var kept = response.AllLines()
            .Where(line => !StoredFields.IsOfConnection(line.Name, named)
                && !withheld.Contains(line.Name)
                && !line.Is("Age")
                && !line.Is("Content-Length"))
            .Select(line => line with { Value = line.Value.ReplaceLineEndings(" ") })
            .ToList();
        if (!kept.Exists(line => line.Is("Date")))
        {
            kept.Add(new FieldLine("Date", HttpDate.Format(receivedAt)));
        }

        return kept;
    }

    /// <summary>Replaces stored fields by those of a 304 (RFC 9111, section 3.2). The fields of the body stay.</summary>
    public static IReadOnlyList<FieldLine> Merge(IReadOnlyList<FieldLine> kept, IReadOnlyList<FieldLine> fresh)
    {
        var newer = fresh.Where(line => !StoredFields.IsOfBody(line.Name)).ToList();
        var names = newer.Select(line => line.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. kept.Where(line => !names.Contains(line.Name)), .. newer];
    }

    /// <summary>Makes the entry for the cache: fresh as long as for HTTP, and kept as long as it may be served stale or revalidated. Null
    /// if the response cannot be stored.</summary>
    public static SourceResponse? ToSource(StoredResponse response, HttpCacheOptions options)
    {
        if (ResponseFormat.Write(response) is not { } bytes)
        {
            return null;
        }

        var policy = response.Policy;
        var left = policy.NoCache ? TimeSpan.Zero : policy.Lifetime - policy.AgeWhenStored;
        return new SourceResponse(bytes)
        {
            Annotation = Mark,
            TimeToLive = Clamp(left),
            StaleWhileRevalidate = TimeSpan.Zero,
            StaleIfError = Clamp(KeptFor(response, options)),
        };
    }

    private static TimeSpan KeptFor(StoredResponse response, HttpCacheOptions options)
    {
        var (policy, kept) = (response.Policy, response.HasValidator ? options.RevalidationWindow : TimeSpan.Zero);
        if (!policy.ForbidsStale)
        {
            kept = Longer(
                kept, Longer(policy.StaleWhileRevalidate ?? options.StaleWhileRevalidate, policy.StaleIfError ?? options.StaleIfError));
        }

        return kept;
    }

    private static TimeSpan Longer(TimeSpan first, TimeSpan second) => first > second ? first : second;

    private static TimeSpan Clamp(TimeSpan time) => time < Shortest ? Shortest : time > Longest ? Longest : time;
}
