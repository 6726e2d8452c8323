namespace RedisResilience.HttpSemantics;

/// <summary>The directives of <c>Cache-Control</c>, of a request or a response (RFC 9111, section 5.2; RFC 5861; RFC 8246). The default
/// value has none.</summary>
/// <remarks>
/// Names are case-insensitive. Of a repeated directive, the first counts. A number that cannot be read counts as zero, which makes a
/// response stale. A field with an unclosed quote cannot make a response fresh.
/// </remarks>
internal readonly struct CacheControl
{
    private static readonly TimeSpan Unbounded = TimeSpan.FromSeconds(DeltaSeconds.Maximum);

    /// <summary>Whether any directive was there.</summary>
    public bool HasDirectives { get; init; }

    public bool NoStore { get; init; }

    /// <summary>Not to be used without asking its origin. Not so when only fields are named: those are
    /// <see cref="WithheldFields"/>.</summary>
    public bool NoCache { get; init; }

    /// <summary>For one user only. Not so when only fields are named: those are <see cref="PrivateFields"/>.</summary>
    public bool IsPrivate { get; init; }

    public bool IsPublic { get; init; }

    public bool MustRevalidate { get; init; }

    public bool ProxyRevalidate { get; init; }

    public bool MustUnderstand { get; init; }

    public bool IsImmutable { get; init; }

    public bool NoTransform { get; init; }

    public bool OnlyIfCached { get; init; }

    public TimeSpan? MaxAge { get; init; }

    public TimeSpan? SharedMaxAge { get; init; }

    public TimeSpan? MinFresh { get; init; }

    /// <summary>How stale a response a request accepts; 68 years when it accepts any.</summary>
    public TimeSpan? MaxStale { get; init; }

    public TimeSpan? StaleWhileRevalidate { get; init; }

    public TimeSpan? StaleIfError { get; init; }

    /// <summary>Fields that <c>no-cache</c> names: the rest may be used without them.</summary>
    public string? WithheldFields { get; init; }

    /// <summary>Fields that <c>private</c> names: a shared cache may keep the rest.</summary>
    public string? PrivateFields { get; init; }

    /// <summary>Reads the directives of all lines of the field, in their order.</summary>
    public static CacheControl Parse(IEnumerable<string?> lines)
    {
        var control = default(CacheControl);
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                control = Add(control, FieldText.NextElement(ref rest));
            }
        }

        return control;
    }

    /// <summary>Reads the directives of one line.</summary>
    public static CacheControl Parse(string? line) => line is null ? default : Parse([line]);

    private static CacheControl Add(in CacheControl control, ReadOnlySpan<char> directive)
    {
        if (directive.IsEmpty)
        {
            return control;
        }

        var equals = directive.IndexOf('=');
        var name = FieldText.Trim(equals < 0 ? directive : directive[..equals]);

        // White space beside the equals sign is not HTTP's: such a number is none, such a prohibition counts all the same.
        var value = equals < 0 ? null : Value(name.Length == equals ? directive[(equals + 1)..] : " ");
        var isBroken = value is null && equals >= 0;
        Span<char> lower = stackalloc char[24];
        var length = name.ToLowerInvariant(lower);
        var known = With(control with { HasDirectives = true }, length < 0 ? default : lower[..length], value);
        return isBroken && directive[equals..].Contains('"') ? known with { MaxAge = TimeSpan.Zero, SharedMaxAge = TimeSpan.Zero } : known;
    }

    private static CacheControl With(in CacheControl control, ReadOnlySpan<char> name, string? value) => name switch
    {
        "no-store" => control with { NoStore = true },
        "no-cache" => Names(value) is { } fields
        ? control with { WithheldFields = Join(control.WithheldFields, fields) } : control with { NoCache = true },
        "private" => Names(value) is { } fields
        ? control with { PrivateFields = Join(control.PrivateFields, fields) } : control with { IsPrivate = true },
        "public" => control with { IsPublic = true },
        "must-revalidate" => control with { MustRevalidate = true },
        "proxy-revalidate" => control with { ProxyRevalidate = true },
        "must-understand" => control with { MustUnderstand = true },
        "immutable" => control with { IsImmutable = true },
        "no-transform" => control with { NoTransform = true },
        "only-if-cached" => control with { OnlyIfCached = true },
        "max-age" => control with { MaxAge = control.MaxAge ?? Seconds(value) },
        "s-maxage" => control with { SharedMaxAge = control.SharedMaxAge ?? Seconds(value) },
        "min-fresh" => control with { MinFresh = control.MinFresh ?? Seconds(value) },
        "max-stale" => control with { MaxStale = control.MaxStale ?? (value is null ? Unbounded : Seconds(value)) },
        "stale-while-revalidate" => control with { StaleWhileRevalidate = control.StaleWhileRevalidate ?? Seconds(value) },
        "stale-if-error" => control with { StaleIfError = control.StaleIfError ?? Seconds(value) },
        _ => control,
    };

    private static string? Value(ReadOnlySpan<char> text) =>
        text.IsEmpty || text[0] != '"' ? text.ToString() : FieldText.EndOfQuoted(text) == text.Length ? FieldText.Unquote(text) : null;

    private static TimeSpan Seconds(string? value) => DeltaSeconds.TryParse(value, out var seconds) ? seconds : TimeSpan.Zero;

    // Only a list of field names restricts the directive to them; whatever else stands there is about the whole.
    private static string? Names(string? value)
    {
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            if (FieldText.NextElement(ref rest) is { IsEmpty: false } name && !FieldText.IsToken(name))
            {
                return null;
            }
        }

        return string.IsNullOrWhiteSpace(value?.Replace(',', ' ')) ? null : value;
    }

    private static string Join(string? first, string second) => first is null ? second : $"{first}, {second}";
}
