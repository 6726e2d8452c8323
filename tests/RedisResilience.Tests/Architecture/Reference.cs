namespace RedisResilience.Tests.Architecture;

/// <summary>One type names another: in its shape, in an attribute, or somewhere in the code of a method.</summary>
internal readonly record struct Reference(Type From, Type To)
{
    /// <summary>Whether a type stands in a namespace or in one below it.</summary>
    public static bool IsIn(Type type, string @namespace) =>
        type.Namespace is { } own && (own == @namespace || own.StartsWith(@namespace + '.', StringComparison.Ordinal));

    public override string ToString() => $"{From.FullName} names {To.FullName}";
}
