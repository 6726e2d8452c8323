namespace RedisResilience.Tests;

/// <summary>Keys that every service takes, and keys that every service refuses, with Redis and without.</summary>
internal static class Keys
{
    public static IEnumerable<TestCaseData> Good()
    {
        yield return Case("predictions:v1:AAPL", "the usual");
        yield return Case("192.168.1.1", "an address");
        yield return Case("2001:db8::/64", "an address block");
        yield return Case(" ", "a space");
        yield return Case("a{b}c", "a hash tag");
        yield return Case("schlüssel:鍵:🔑", "beyond ASCII");
        yield return Case("\ufeff", "a byte order mark");
        yield return Case(new string('k', 1024), "the longest");
        yield return Case(string.Concat(Enumerable.Repeat("🔑", 512)), "the longest, in pairs");
    }

    /// <summary>Without null, which has an exception of its own.</summary>
    public static IEnumerable<TestCaseData> Bad()
    {
        yield return Case("", "empty");
        yield return Case(new string('k', 1025), "one too long");
        yield return Case("a\0b", "NUL");
        yield return Case("a\r\nb", "a line break");
        yield return Case("a\tb", "a tab");
        yield return Case("a\u001f", "the last of C0");
        yield return Case("a\u007fb", "DEL");
        yield return Case("a\u0080b", "the first of C1");
        yield return Case("a\u0085b", "NEL");
        yield return Case("\u009fb", "the last of C1");
        yield return Case("\ud83d", "a high surrogate alone");
        yield return Case("\udd11", "a low surrogate alone");
        yield return Case("a\ud83d", "a high surrogate at the end");
        yield return Case("\udd11a", "a low surrogate at the start");
        yield return Case("\ud83da", "a high surrogate before a letter");
        yield return Case("\udd11\ud83d", "a pair the wrong way round");
        yield return Case("\ud83d\ud83d\udd11", "two high surrogates");
        yield return Case("🔑\udd11", "a low surrogate after a pair");
    }

    private static TestCaseData Case(string key, string name) => new TestCaseData(key).SetArgDisplayNames(name);
}
