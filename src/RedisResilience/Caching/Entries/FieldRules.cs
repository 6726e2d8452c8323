namespace RedisResilience.Caching.Entries;

/// <summary>The rules for metadata of a body.</summary>
internal static class FieldRules
{
    private const int MaximumLength = 256;

    public static string? Valid(string? text, string name)
    {
        if (text?.Length > MaximumLength)
        {
            throw new ArgumentException($"It has at most {MaximumLength} characters; this one has {text.Length}.", name);
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException("It has only visible ASCII characters and spaces.", name);
        }

        return text;
    }

    public static ReadOnlyMemory<byte> Valid(ReadOnlyMemory<byte> annotation, string name) =>
        annotation.Length <= SourceResponse.MaximumAnnotationLength
            ? annotation
            : throw new ArgumentException(
                $"It has at most {SourceResponse.MaximumAnnotationLength} bytes; this one has {annotation.Length}.", name);

    public static ContentEncoding Valid(ContentEncoding encoding) =>
        encoding is ContentEncoding.Identity or ContentEncoding.Gzip or ContentEncoding.Brotli
        ? encoding
        : throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "It is no coding that is known here.");

    public static int Valid(int originalLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(originalLength);
        return originalLength;
    }
}
