using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Tests.HttpSemantics;

internal sealed class FieldTests
{
    [TestCase("bytes=0-1", 11, 0, 2)]
    [TestCase("Bytes= 1- ", 11, 1, 10)]
    [TestCase("bytes=-1", 11, 10, 1)]
    [TestCase("bytes=-99", 11, 0, 11)]
    [TestCase("bytes=5-99999999999999999999", 11, 5, 6)]
    public void Range_IsWithinTheBody(string text, long length, long offset, long count)
    {
        Assert.That(ByteRange.TryParse(text, out var range), Is.True);
        Assert.That((range.TryResolve(length, out var first, out var number), first, number), Is.EqualTo((true, offset, count)));
    }

    [TestCase("bytes=11-")]
    [TestCase("bytes=-0")]
    [TestCase("bytes=99999999999999999999-")]
    public void Range_WithoutAByte_IsNotSatisfied(string text)
    {
        Assert.That(ByteRange.TryParse(text, out var range), Is.True);
        Assert.That(range.TryResolve(11, out _, out _), Is.False);
    }

    [TestCase("bytes=0-1,3-4")]
    [TestCase("bytes=-")]
    [TestCase("bytes=3-1")]
    [TestCase("bytes=a-b")]
    [TestCase("bytes=+1-2")]
    [TestCase("pages=1-2")]
    [TestCase("bytes")]
    [TestCase("")]
    public void Range_OfAnotherKind_IsNotRead(string text) => Assert.That(ByteRange.TryParse(text, out _), Is.False);

    [TestCase("*", true, "")]
    [TestCase(", *", true, "")]
    [TestCase("Foo, *", true, "")]
    [TestCase("Foo bar", true, "")]
    [TestCase("Foo, bar, FOO,", false, "bar|foo")]
    [TestCase("", false, "")]
    public void Vary_IsNamesOrAnything(string line, bool isAny, string names)
    {
        var vary = VaryField.Parse([line, null]);

        Assert.That((vary.IsAny, string.Join('|', vary.Names)), Is.EqualTo((isAny, names)));
    }

    [TestCase("foo", "1, 2", "1,2", true)]
    [TestCase("foo", " 1, 2 ", "1,2", true)]
    [TestCase("foo", "1, 2", "2, 1", false)]
    [TestCase("foo", "A", "a", false)]
    [TestCase("foo", "\"a, b\"", "\"a,b\"", false)]
    [TestCase("accept-language", "en, de", "dE,En", true)]
    [TestCase("accept-language", "en;q=0.5", "en; q=0.5", true)]
    public void VariedValues_AreTheSame_WhereTheyMeanTheSame(string name, string first, string second, bool expected) =>
        Assert.That(VaryField.Normalize(name, [first]) == VaryField.Normalize(name, [second]), Is.EqualTo(expected));

    [Test]
    public void VariedLines_AreJoined() =>
        Assert.That(VaryField.Normalize("foo", ["1", "2"]), Is.EqualTo(VaryField.Normalize("foo", ["1, 2"])));

    [TestCase("\"a\"", "\"a\"", true)]
    [TestCase("\"b\", W/\"a\"", "\"a\"", true)]
    [TestCase("\"a\"", "W/\"a\"", true)]
    [TestCase("*", null, true)]
    [TestCase("\"a,b\"", "\"a", false)]
    [TestCase("\"b\"", "\"a\"", false)]
    [TestCase("\"b\"", null, false)]
    public void EntityTags_AreComparedWeakly(string list, string? tag, bool expected) =>
        Assert.That(EntityTags.Contains([list], tag), Is.EqualTo(expected));

    [Test]
    public void FieldsOfAConnection_AreThoseItNames()
    {
        var named = StoredFields.Names(["a, B", "c"]);

        Assert.That(StoredFields.IsOfConnection("b", named) && StoredFields.IsOfConnection("keep-alive", named), Is.True);
        Assert.That(StoredFields.IsOfConnection("d", named), Is.False);
    }
}
