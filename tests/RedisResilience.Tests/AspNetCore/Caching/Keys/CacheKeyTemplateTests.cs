using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using RedisResilience.AspNetCore.Caching.Keys;

namespace RedisResilience.Tests.AspNetCore.Caching.Keys;

public sealed class CacheKeyTemplateTests
{
    [TestCase("predictions:v1:{symbol}", "AAPL", "predictions:v1:AAPL")]
    [TestCase("{symbol}", "a:b", "a%3Ab")]
    [TestCase("{symbol}", "{tag}", "%7Btag%7D")]
    [TestCase("{symbol}", "%3A", "%253A")]
    [TestCase("x{symbol}-{symbol}y", "é", "xé-éy")]
    [TestCase("constant", "unused", "constant")]
    public void RouteValue_StandsInTheKey(string template, string value, string key) =>
        Assert.That(Format(template, value), Is.EqualTo(key));

    [TestCase(null)]
    [TestCase("")]
    public void MissingValue_GivesNoKey(string? value) => Assert.That(Format("predictions:v1:{symbol}", value), Is.Null);

    [TestCase("")]
    [TestCase("{")]
    [TestCase("}")]
    [TestCase("{a")]
    [TestCase("a}")]
    [TestCase("{{a}}")]
    [TestCase("{}")]
    [TestCase("{ }")]
    [TestCase("{a}{")]
    public void MalformedTemplate_IsRefused(string template) =>
        Assert.That(() => CacheKeyTemplate.Parse(template), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void DifferentValues_NeverShareAKey() =>
        Assert.That(FormatPair("a:b", "c"), Is.Not.EqualTo(FormatPair("a", "b:c")));

    [TestCase("/predictions/{symbol}", "/predictions/*:AAPL")]
    [TestCase("/a/b", "/a/b:;symbol=AAPL")]
    [TestCase("/a*b:c/{symbol=IBM}.{format?}", "/a%2Ab%3Ac/*.*:AAPL:")]
    [TestCase("/{**path}", "/*::;symbol=AAPL")]
    public void RoutePattern_MakesATemplate(string pattern, string key)
    {
        var context = new DefaultHttpContext();
        context.Request.RouteValues["symbol"] = "AAPL";

        Assert.That(Format(CacheKeyTemplate.Of(RoutePatternFactory.Parse(pattern)), context), Is.EqualTo(key));
    }

    private static string? Format(string template, string? value)
    {
        var context = new DefaultHttpContext();
        context.Request.RouteValues["symbol"] = value;
        return Format(CacheKeyTemplate.Parse(template), context);
    }

    private static string? FormatPair(string first, string second)
    {
        var context = new DefaultHttpContext();
        context.Request.RouteValues["a"] = first;
        context.Request.RouteValues["b"] = second;
        return Format(CacheKeyTemplate.Parse("{a}:{b}"), context);
    }

    private static string? Format(CacheKeyTemplate template, HttpContext context)
    {
        var key = new KeyWriter(stackalloc char[KeyWriter.BufferLength], ignoresCase: false);
        var isWhole = template.TryAppend(ref key, context.Request.RouteValues);
        var text = key.ToKey();
        return isWhole ? text : null;
    }
}
