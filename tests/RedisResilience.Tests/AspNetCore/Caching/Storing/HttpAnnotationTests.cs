using System.Text;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class HttpAnnotationTests
{
    private static readonly string[] Names = ["cache-control", "link"];

    [Test]
    public void StatusAndFields_ComeBack()
    {
        var response = Response();
        response.StatusCode = 404;
        response.Headers.CacheControl = "max-age=5";
        response.Headers.Link = new(["<a>; rel=next", "<b>: c"]);
        response.Headers["X-Other"] = "not stored";

        Assert.That(HttpAnnotation.TryWrite(response, Names, out var annotation), Is.True);
        var other = Response();
        Assert.That(HttpAnnotation.IsWhole(annotation.Span), Is.True);
        HttpAnnotation.Apply(annotation.Span, other);

        Assert.That(other.StatusCode, Is.EqualTo(404));
        Assert.That(other.Headers.Keys, Is.EquivalentTo(Names));
        Assert.That(other.Headers.CacheControl.ToString(), Is.EqualTo("max-age=5"));
        Assert.That(other.Headers.Link.ToArray(), Is.EqualTo(new[] { "<a>; rel=next", "<b>: c" }));
    }

    [Test]
    public void BareOk_NeedsNone()
    {
        Assert.That(HttpAnnotation.TryWrite(Response(), Names, out var annotation), Is.True);
        Assert.That(annotation.IsEmpty, Is.True);
        Assert.That(HttpAnnotation.IsWhole(default), Is.True);
    }

    [TestCase("a\nset-cookie: b")]
    [TestCase("a\rb")]
    [TestCase("a\0")]
    [TestCase("ä")]
    public void ValueThatIsNotOneLineOfText_IsNotKept(string value)
    {
        var response = Response();
        response.Headers.Link = value;

        Assert.That(HttpAnnotation.TryWrite(response, Names, out _), Is.False);
    }

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
