namespace RedisResilience.HttpSemantics;

/// <summary>The fields of a response that say how long it is fresh.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Control">Its directives.</param>
/// <param name="IsTargeted">Whether they come from a field that is meant for this cache: <c>Expires</c> does not count then.</param>
internal readonly record struct FreshnessFields(int Status, CacheControl Control, bool IsTargeted)
{
    private static readonly string?[] None = [];

    public IEnumerable<string?> Date { get => field ?? None; init; }

    public IEnumerable<string?> Age { get => field ?? None; init; }

    public IEnumerable<string?> Expires { get => field ?? None; init; }

    public IEnumerable<string?> LastModified { get => field ?? None; init; }
}
