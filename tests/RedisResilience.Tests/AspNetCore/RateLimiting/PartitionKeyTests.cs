using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class PartitionKeyTests
{
    private const string Hash = "^sha256:[0-9a-f]{64}$";

    [TestCase("alice")]
    [TestCase("smile 😀")]
    [TestCase("192.168.1.1")]
    public void CleanKey_StaysAsItIs(string key) => Assert.That(PartitionKey.Own(key), Is.EqualTo(key));

    // Not as attributes: their arguments are kept as UTF-8, which has no broken surrogates. Nor in the tests' names: reports can hold
    // neither them nor ten megabytes.
    private static IEnumerable<TestCaseData> Forbidden() => new[]
        {
            ("line break", "a\r\nb"), (
            "next line", "\u0085"), ("high surrogate", "\ud800"), ("low surrogate", "x\udc00"), ("surrogate after a pair", "😀\ud800x"),
            ("two high surrogates", "\ud800\ud800\udc00"), (
            "braces", "{a}b"), ("closing brace", "a}"), ("ten megabytes", new string('x', 10 * 1024 * 1024)),
        }
        .Select(key => new TestCaseData(key.Item2).SetArgDisplayNames(key.Item1));

    [TestCaseSource(nameof(Forbidden))]
    public void ForbiddenKey_BecomesItsHash(string key) => Assert.That(PartitionKey.Own(key), Does.Match(Hash));

    [Test]
    public void LongestKey_StaysAndOneMoreCharacterIsHashed()
    {
        Assert.That(PartitionKey.Own(new string('a', 128)), Has.Length.EqualTo(128));
        Assert.That(PartitionKey.Own(new string('a', 129)), Does.Match(Hash));
    }

    [Test]
    public void DifferentBrokenKeys_StayDifferent() => Assert.That(PartitionKey.Own("\ud800"), Is.Not.EqualTo(PartitionKey.Own("\ud801")));

    [Test]
    public void KeyThatLooksLikeOneMadeHere_CannotBeThatOne()
    {
        var victims = new[] { PartitionKey.InsteadOfOwn("192.168.1.1"), PartitionKey.Own("a\nb") };

        foreach (var victim in victims)
        {
            Assert.That(PartitionKey.Own(victim), Is.Not.EqualTo(victim).And.Matches(Hash));
        }
    }

    [Test]
    public void Identity_IsAByteSequenceOfEightBytes() =>
        Assert.That(Convert.FromBase64String(
            PartitionKey.Identify("alice")), Has.Length.EqualTo(8).And.Not.EqualTo(Convert.FromBase64String(PartitionKey.Identify("bob"))));
}
