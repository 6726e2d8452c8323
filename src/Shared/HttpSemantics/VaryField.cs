namespace RedisResilience.HttpSemantics;

/// <summary>The <c>Vary</c> field (RFC 9111, section 4.1): which fields of a request a response depends on.</summary>
internal readonly struct VaryField
{
    private VaryField(string[] names, bool isAny) => (Names, IsAny) = (names, isAny);

    /// <summary>The names, in lower case, each once, in their order.</summary>
    public IReadOnlyList<string> Names { get => field ?? []; }

    /// <summary>Whether it depends on what no request tells: no other request is ever given it.</summary>
    public bool IsAny { get; }

    public static VaryField Parse(IEnumerable<string?> lines)
    {
        SortedSet<string>? names = null;
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var name = FieldText.NextElement(ref rest);
                if (name.IsEmpty)
                {
                    continue;
                }

                // What is no name may be anything.
                if (name is "*" || !FieldText.IsToken(name))
                {
                    return new VaryField([], isAny: true);
                }

                (names ??= new SortedSet<string>(StringComparer.Ordinal)).Add(name.ToString().ToLowerInvariant());
            }
        }

        return new VaryField(names is null ? [] : [.. names], isAny: false);
    }

    /// <summary>
    /// A request's value of a field that is varied by, so that values which mean the same are the same: lines are joined, white space
    /// beside commas goes, and in
    /// <c>Accept-Language</c> neither case nor order counts.
    /// </summary>
    public static string Normalize(string name, IEnumerable<string?> lines)
    {
        var elements = new List<string>();
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                elements.Add(FieldText.NextElement(ref rest).ToString());
            }
        }

        if (name == "accept-language")
        {
            elements = [.. elements.Select(
                element => element.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()).Order(StringComparer.Ordinal)];
        }

        return string.Join(',', elements);
    }
}
