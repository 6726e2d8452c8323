using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.Tests.AspNetCore.Caching.Rules;

public sealed class ResponseRulesTests
{
    [TestCase("application/json", true)]
    [TestCase("Application/JSON; charset=UTF-8", true)]
    [TestCase("application/json; charset=\"utf-8\"", true)]
    [TestCase("application/json; charset=utf-16", false)]
    [TestCase("application/json; version=2", false)]
    [TestCase("application/json; charset=utf-8; version=2", false)]
    [TestCase("application/problem+json", false)]
    [TestCase("text/html", false)]
    public void PlainJson_IsWhatAnEntryWithoutAHeaderIs(string contentType, bool isPlain)
    {
        Assert.That(ResponseRules.IsPlainJson(contentType), Is.EqualTo(isPlain));
        Assert.That(OfBody(response => response.ContentType = contentType), Is.Null, "any type can be stored");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("json")]
    [TestCase("text/html\r\nSet-Cookie: a")]
    public void NoMediaType_IsRefused(string? contentType) =>
        Assert.That(OfBody(response => response.ContentType = contentType), Is.EqualTo("media-type"));

    [Test]
    public void NoMediaTypeOfNoBody_IsNot() => Assert.That(OfBody(response => response.ContentType = null, bodyLength: 0), Is.Null);

    [Test]
    public void BodyOfAnotherLengthThanPromised_IsRefused() =>
        Assert.That(OfBody(response => response.ContentLength = 8), Is.EqualTo("length"));

    [TestCase("*")]
    [TestCase("Accept-Language, *")]
    public void VaryByAnything_IsRefused(string vary) => Assert.That(OfBody(response => response.Headers.Vary = vary), Is.EqualTo("vary"));

    [Test]
    public void AuthenticatedUser_IsKnownUnlessAllAreGivenTheSame()
    {
        var context = new DefaultHttpContext();
        SignIn(context);

        Assert.That(KnownCallers.ReasonOf(context, Entry()), Is.SameAs(Reason.Authenticated));
        Assert.That(KnownCallers.ReasonOf(context, Entry(entry => entry.ForAllUsers())), Is.Null);
        Assert.That(KnownCallers.ReasonOf(context, Entry(entry => entry.PerUser())), Is.Null);
    }

    [Test]
    public void PrivateResponse_IsStoredOnlyForItsUser()
    {
        Assert.That(OfSharing(Private), Is.EqualTo("cache-control"));
        Assert.That(OfSharing(Private, entry => entry.ForAllUsers()), Is.EqualTo("cache-control"));
        Assert.That(OfSharing(Private, entry => entry.PerUser()), Is.Null);

        static void Private(HttpContext context) => context.Response.Headers.CacheControl = "private, max-age=5";
    }

    [TestCase(404, null)]
    [TestCase(410, "status")]
    [TestCase(503, "status")]
    [TestCase(200, null)]
    public void OtherStatus_IsStoredWhenAsked(int status, string? refusal) => Assert.That(
        OfSharing(
            context => context.Response.StatusCode = status, entry => entry.Status(404, TimeSpan.FromSeconds(5))), Is.EqualTo(refusal));

    private static void SignIn(HttpContext context) => context.User = new ClaimsPrincipal(new ClaimsIdentity("cookie"));

    private static CachedEndpoint Entry(Action<CacheResponseBuilder>? configure = null)
    {
        var builder = new CacheResponseBuilder().Key("key");
        configure?.Invoke(builder);
        return new CachedEndpoint(builder.Build(), endpoint: null, sibling: "");
    }

    private static string? OfBody(Action<HttpResponse> change, Action<CacheResponseBuilder>? configure = null, int bodyLength = 7)
    {
        var context = new DefaultHttpContext();
        context.Response.ContentType = "application/json";
        change(context.Response);
        return ResponseRules.RefusalOfBody(context.Response, Entry(configure), bodyLength)?.Detail;
    }

    private static string? OfSharing(Action<HttpContext> change, Action<CacheResponseBuilder>? configure = null)
    {
        var context = new DefaultHttpContext();
        change(context);
        var freshness = ResponseFreshness.Read(context.Response, [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        return ResponseRules.RefusalOfSharing(context.Response.StatusCode, Entry(configure), freshness)?.Detail;
    }
}
