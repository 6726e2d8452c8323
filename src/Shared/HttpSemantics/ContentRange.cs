namespace RedisResilience.HttpSemantics;

/// <summary>The part of the whole that a 206 contains (RFC 9110, section 14.4).</summary>
/// <param name="First">The first byte.</param>
/// <param name="Last">The last byte.</param>
/// <param name="Length">The length of the whole.</param>
internal readonly record struct ContentRange(long First, long Last, long Length)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bytes {First}-{Last}/{Length}");

    /// <summary>The field of a 416: no byte of what was asked for is there.</summary>
    public static string Unsatisfied(long length) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bytes */{length}");
}
