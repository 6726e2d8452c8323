using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;

namespace RedisResilience.Tests.AspNetCore.Caching;

public sealed class StorageRulesTests
{
    private readonly CacheResponseMetadata _entry = new(_ => "key", timeToLive: null);

    [TestCase("application/json")]
    [TestCase("Application/JSON; charset=UTF-8")]
    [TestCase("application/json; charset=\"utf-8\"")]
    public void JsonForEverybody_MayBeStored(string contentType) => Assert.That(Refusal(context => context.Response.ContentType = contentType), Is.Null);

    [Test]
    public void BodyOfAnotherLengthThanPromised_IsRefused() =>
        Assert.That(Refusal(context => context.Response.ContentLength = 8), Is.EqualTo("length"));

    [Test]
    public void AuthenticatedUser_IsRefused() => Assert.That(Refusal(SignIn), Is.EqualTo("authenticated"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("json")]
    public void NoMediaType_IsRefused(string? contentType) =>
        Assert.That(Refusal(context => context.Response.ContentType = contentType), Is.EqualTo("media-type"));

    [Test]
    public void AuthenticatedUser_IsNotLookedUp()
    {
        var context = new DefaultHttpContext();
        SignIn(context);

        var lookup = CacheLookup.Begin(context, _entry, TimeSpan.FromSeconds(60));

        Assert.That(lookup.Key, Is.Null);
        Assert.That(lookup.Bypass, Is.EqualTo(CacheStatus.BypassAuthenticated));
    }

    private static void SignIn(HttpContext context) => context.User = new ClaimsPrincipal(new ClaimsIdentity("cookie"));

    private string? Refusal(Action<HttpContext> change)
    {
        var context = new DefaultHttpContext();
        context.Response.ContentType = "application/json";
        change(context);
        return StorageRules.Refusal(context, _entry, bodyLength: 7);
    }
}
