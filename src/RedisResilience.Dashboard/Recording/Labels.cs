namespace RedisResilience.Dashboard.Recording;

/// <summary>The values of up to three tags of a count. Missing ones are empty.</summary>
internal readonly record struct Labels(string First, string Second, string Third)
{
    /// <summary>Instead of the last tags of what is beyond the bound.</summary>
    public const string Other = "(other)";

    public static Labels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags, string[] names) => new(
        Find(tags, names[0]), names.Length > 1 ? Find(tags, names[1]) : "", names.Length > 2 ? Find(tags, names[2]) : "");

    /// <summary>The value of one tag, empty when there is none.</summary>
    public static string Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (ref readonly var tag in tags)
        {
            if (tag.Key == name)
            {
                return tag.Value as string ?? "";
            }
        }

        return "";
    }
}
