namespace RedisResilience.Caching.Entries;

/// <summary>The strong entity tag of a body: its XXH3-64 in hex, in quotes.</summary>
internal static class BodyTag
{
    public static string Of(ulong hash) => $"\"{hash:x16}\"";
}
