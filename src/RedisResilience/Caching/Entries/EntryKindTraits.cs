using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Entries;

/// <summary>Says what a reader does with each kind of entry.</summary>
internal static class EntryKindTraits
{
    public static bool IsReadable(this EntryKind kind) => kind is EntryKind.Plain or EntryKind.WithMetadata;

    /// <summary>Counts an entry that cannot be read.</summary>
    public static void Record(this EntryKind kind)
    {
        if (!kind.IsReadable())
        {
            ResilienceMetrics.RecordUnreadable(kind switch
            {
                EntryKind.Truncated => "truncated",
                EntryKind.OtherVersion => "other_version",
                EntryKind.OtherKey => "other_key",
                EntryKind.TooLarge => "too_large",
                _ => "damaged",
            });
        }
    }
}
