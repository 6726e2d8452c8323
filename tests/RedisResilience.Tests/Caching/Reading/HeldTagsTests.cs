using RedisResilience.Caching;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;

namespace RedisResilience.Tests.Caching.Reading;

internal sealed class HeldTagsTests
{
    [TestCase("\"a\"", "\"a\"", true)]
    [TestCase("W/\"a\"", "\"a\"", true)]
    [TestCase("\"a\"", "W/\"a\"", true)]
    [TestCase("\"a-br\"", "\"a\"", true)]
    [TestCase("\"b\", \"ab\",W/\"a\"", "\"a\"", true)]
    [TestCase("\"ab\", \"a\"", "\"a\"", true)]
    [TestCase("\"ab\"", "\"a\"", false)]
    [TestCase("\"b\"", "\"a\"", false)]
    [TestCase("\"a", "\"a\"", false)]
    [TestCase("", "\"a\"", false)]
    [TestCase("*", "\"a\"", false)]
    [TestCase("\"a\"", "", false)]
    [TestCase("\"a\"", "\"", false)]
    [TestCase("a", "a", false)]
    public void Name(string list, string tag, bool isNamed) => Assert.That(HeldTags.Name(list, tag), Is.EqualTo(isNamed));

    [Test]
    public void OwnTag_GoesBeforeThatOfTheBytes()
    {
        var description = new ResponseDescription { ETag = "\"own\"", BodyETag = "\"bytes\"" };
        Assert.That(HeldTags.Name("\"own\"", description), Is.True);
        Assert.That(HeldTags.Name("\"bytes\"", description), Is.False);
        Assert.That(HeldTags.Name("\"bytes\"", description with { ETag = null }), Is.True);
        Assert.That(HeldTags.Name("\"bytes\"", ResponseDescription.None), Is.False);
    }
}
