using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Serving;

namespace RedisResilience.Tests.AspNetCore.Caching.Serving;

public sealed class AcceptedCodingsTests
{
    [TestCase("br", true)]
    [TestCase("gzip, deflate, BR", true)]
    [TestCase("br;q=0.5", true)]
    [TestCase("br;q=0", false)]
    [TestCase("br; q=0.000", false)]
    [TestCase("br;q=x", false)]
    [TestCase("br;quality=1", false)]
    [TestCase("*", true)]
    [TestCase("*;q=0", false)]
    [TestCase("*, br;q=0", false)]
    [TestCase("br, *;q=0", true)]
    [TestCase("gzip", false)]
    [TestCase("brotli", false)]
    [TestCase("identity", false)]
    [TestCase("", false)]
    [TestCase(",;,", false)]
    public void Coding_IsSentToThoseWhoTakeIt(string field, bool isAccepted) =>
        Assert.That(AcceptedCodings.Accept(field, "br"), Is.EqualTo(isAccepted));

    [Test]
    public void NoField_IsNoPermission() => Assert.That(AcceptedCodings.Accept(StringValues.Empty, "br"), Is.False);

    [Test]
    public void SecondLine_IsReadToo() => Assert.That(AcceptedCodings.Accept(new StringValues(["gzip", "br"]), "br"), Is.True);
}
