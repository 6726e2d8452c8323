using System.Text;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class HttpAnnotationTests
{
    [Test]
    public void StatusAndFields_ComeBack()
    {
        Assert.That(HttpAnnotation.TryWrite(404, [new(":of", "mark"), new("Cache-Control", "max-age=5"), new(
            "Link", new(["<a>; rel=next", "<b>: c"]))], out var annotation), Is.True);
        var other = Response();
        Assert.That(HttpAnnotation.IsWhole(annotation.Span), Is.True);
        HttpAnnotation.Apply(annotation.Span, other);

        Assert.That(other.StatusCode, Is.EqualTo(404));
        Assert.That(other.Headers.Keys, Is.EquivalentTo(new[] { "Cache-Control", "Link" }));
        Assert.That(other.Headers.CacheControl.ToString(), Is.EqualTo("max-age=5"));
        Assert.That(other.Headers.Link.ToArray(), Is.EqualTo(new[] { "<a>; rel=next", "<b>: c" }));
        Assert.That(HttpAnnotation.Find(annotation.Span, ":of"), Is.EqualTo("mark"));
        Assert.That(HttpAnnotation.Find(annotation.Span, "link"), Is.EqualTo("<a>; rel=next"));
    }

    [Test]
    public void FieldThatIsThere_IsReplacedAndVaryIsAddedTo()
    {
        HttpAnnotation.TryWrite(200, [new("Link", "<a>"), new("Vary", "Accept, Origin")], out var annotation);
        var response = Response();
        response.Headers.Link = "<outer>";
        response.Headers.Vary = "origin";

        HttpAnnotation.Apply(annotation.Span, response);

        Assert.That(response.Headers.Link.ToArray(), Is.EqualTo(new[] { "<a>" }));
        Assert.That(response.Headers.Vary.ToString(), Is.EqualTo("origin,accept"));
    }

    [Test]
    public void BareOk_NeedsNone()
    {
        Assert.That(HttpAnnotation.TryWrite(200, [], out var annotation), Is.True);
        Assert.That(annotation.IsEmpty, Is.True);
        Assert.That(HttpAnnotation.IsWhole(default), Is.True);
    }

    [TestCase("a\nset-cookie: b")]
    [TestCase("a\rb")]
    [TestCase("a\0")]
    [TestCase("ä")]
    public void ValueThatIsNotOneLineOfText_IsNotKept(string value) =>
        Assert.That(HttpAnnotation.TryWrite(200, [new("Link", value)], out _), Is.False);

    [TestCase("200\ntransfer-encoding: chunked\n")]
    [TestCase("200\ncontent-length: 5\n")]
    [TestCase("200\na b: 5\n")]
    [TestCase("404")]
    [TestCase("x\n")]
    [TestCase("99\n")]
    [TestCase("600\n")]
    [TestCase("\n")]
    [TestCase("200\nlink\n")]
    [TestCase("200\n: a\n")]
    [TestCase("200\nlink: a\r\n")]
    [TestCase("200\nlink: a")]
    [TestCase("{\"a\":1}")]
    public void OtherBytes_AreNone(string text) => Assert.That(HttpAnnotation.IsWhole(Encoding.Latin1.GetBytes(text)), Is.False);

    private static HttpResponse Response() => new DefaultHttpContext().Response;
}
