using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Serving;

namespace RedisResilience.Tests.AspNetCore.Caching.Serving;

public sealed class EntityTagTests
{
    private const string Tag = "\"2d06800538d394c2\"";

    [Test]
    public void EmptyBody_HasThePublishedHashOfXxh3() => Assert.That(EntityTag.Of([]), Is.EqualTo(Tag));

    [TestCase("*")]
    [TestCase(Tag)]
    [TestCase("W/" + Tag)]
    [TestCase("\"a,b\" , W/\"c\"," + Tag)]
    [TestCase(",, " + Tag)]
    public void NamedTag_IsFound(string field) => Assert.That(EntityTag.IsNamed(field, Tag), Is.True);

    [TestCase("")]
    [TestCase("2d06800538d394c2")]
    [TestCase("\"2d06800538d394c2")]
    [TestCase("w/" + Tag)]
    [TestCase("\"x\", *")]
    [TestCase("\"x" + Tag)]
    [TestCase("\"\"")]
    public void OtherText_IsNotFound(string field) => Assert.That(EntityTag.IsNamed(field, Tag), Is.False);

    [Test]
    public void WeakTag_IsFoundByItsOpaquePart() => Assert.That(EntityTag.IsNamed(Tag, "W/" + Tag), Is.True);

    [TestCase("\"a\"", true)]
    [TestCase("W/\"a\"", true)]
    [TestCase("a", false)]
    [TestCase("\"a\r\nSet-Cookie: b\"", false)]
    [TestCase("\"ä\"", false)]
    public void TagOfAnEndpoint_IsKeptWhenItIsOne(string field, bool isKept) =>
        Assert.That(EntityTag.IsStorable(field), Is.EqualTo(isKept));

    [Test]
    public void CodedBody_HasAnotherStrongTag() => Assert.That(EntityTag.OfCoded(Tag, "br"), Is.EqualTo("\"2d06800538d394c2-br\""));

    [Test]
    public void SecondLine_IsReadToo() => Assert.That(EntityTag.IsNamed(new StringValues(["\"a\"", Tag]), Tag), Is.True);

    [Test]
    public void HugeField_IsReadToItsEnd() =>
        Assert.That(EntityTag.IsNamed(string.Concat(Enumerable.Repeat("\"x\",", 200_000)) + Tag, Tag), Is.True);
}
