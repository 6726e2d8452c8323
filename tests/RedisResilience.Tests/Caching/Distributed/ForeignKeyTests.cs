using CsCheck;
using RedisResilience.Caching.Distributed;

namespace RedisResilience.Tests.Caching.Distributed;

public sealed class ForeignKeyTests
{
    [TestCase("session-1", "cache:session-1")]
    [TestCase("", "cache:")]
    [TestCase("a\u001eb\u001f", "cache:a%1Eb%1F")]
    [TestCase("{a}%", "cache:%7Ba%7D%25")]
    [TestCase("\r\nDEL x", "cache:%0D%0ADEL x")]
    public void Text_IsAKey(string text, string key) => Assert.That(ForeignKey.Make("cache:", text), Is.EqualTo(key));

    [Test]
    public void TextThatIsNoKey_IsHashed([Values] bool isLong)
    {
        var text = isLong ? new string('a', 2000) : "\ud800";
        var key = ForeignKey.Make("cache:", text);

        Assert.That(key, Does.Match("^cache:%sha256-[0-9a-f]{64}$"));
        Assert.That(
            ForeignKey.Make("cache:", key["cache:".Length..]), Is.Not.EqualTo(key), "a text that looks like a hash is another text");
    }

    [Test]
    public void AnyTwoTexts_HaveKeysOfTheirOwn() => Gen.Select(Gen.String, Gen.String).Sample((first, second) =>
    {
        var key = ForeignKey.Make("cache:", first);
        return RedisKeyLimits.IsValid(key) && (first == second) == (key == ForeignKey.Make("cache:", second));
    });
}
