namespace RedisResilience.HttpSemantics;

/// <summary>The <c>Age</c> field (RFC 9111, section 5.1).</summary>
internal static class AgeField
{
    /// <summary>The age that the lines tell: the first member counts, and one that is no number of seconds is as if it were not
    /// there.</summary>
    public static TimeSpan Parse(IEnumerable<string?> lines)
    {
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            if (FieldText.NextElement(ref rest) is { IsEmpty: false } first)
            {
                return DeltaSeconds.TryParse(first, out var age) ? age : TimeSpan.Zero;
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>An age as the field has it: whole seconds, rounded down.</summary>
    public static long Format(TimeSpan age) => Math.Clamp((long)age.TotalSeconds, 0, DeltaSeconds.Maximum);
}
