using System.Text;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What stands before the colon in a line of an annotation.</summary>
internal static class AnnotationName
{
    /// <summary>
    /// Whether it is the name of a field, or of a note of the cache. Fields that would change the framing of the response are not allowed.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name[0] == ':' ? name[1..] : name)
        {
            if (!(char.IsAsciiLetterOrDigit((char)letter) || "!#$%&'*+-.^_`|~".Contains((char)letter)))
            {
                return false;
            }
        }

        return !Ascii.EqualsIgnoreCase(name, "transfer-encoding")
            && !Ascii.EqualsIgnoreCase(name, "content-length")
            && !Ascii.EqualsIgnoreCase(name, "connection");
    }
}
