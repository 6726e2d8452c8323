namespace RedisResilience.Mongo;

/// <summary>
/// How a document becomes JSON. By default it is relaxed Extended JSON v2 (the MongoDB specification <c>extended-json</c>), without white
/// space.
/// </summary>
/// <remarks>
/// Paths name fields as in MongoDB: <c>address.city</c>, through arrays too. A field that is both renamed and hidden is hidden. Text that
/// is not valid UTF-8, or nesting deeper than 200 levels, causes a <see cref="FormatException"/>, because not every reader could read such
/// JSON.
/// </remarks>
public sealed class DocumentJsonOptions
{
    /// <summary>Whether dates are written as ISO 8601 text, <c>"2026-01-31T00:00:00Z"</c>, and not <c>{"$date":…}</c>.</summary>
    /// <value>Default: false. Dates before the year 1 and after 9999 keep the extended form.</value>
    public bool DatesAsText { get; set; }

    /// <summary>Whether an ObjectId is written as text with its 24 hexadecimal digits, and not <c>{"$oid":…}</c>.</summary>
    /// <value>Default: false.</value>
    public bool ObjectIdsAsText { get; set; }

    /// <summary>Whether a Decimal128 is written as text with all its digits, <c>"1.50"</c>, and not <c>{"$numberDecimal":…}</c>.</summary>
    /// <value>Default: false.</value>
    public bool DecimalsAsText { get; set; }

    /// <summary>The paths of fields that are left out.</summary>
    /// <value>Default: none.</value>
    public ISet<string> Hidden { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>New names of fields, by the path of the field: <c>["address.zip"] = "postalCode"</c>.</summary>
    /// <value>Default: none.</value>
    public IDictionary<string, string> Renamed { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
