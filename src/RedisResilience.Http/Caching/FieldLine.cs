namespace RedisResilience.Http.Caching;

/// <summary>One line of a field.</summary>
internal readonly record struct FieldLine(string Name, string Value)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
