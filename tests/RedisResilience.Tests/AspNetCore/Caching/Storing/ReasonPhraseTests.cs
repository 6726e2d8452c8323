using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>The words beside a status, where an endpoint has chosen its own.</summary>
public sealed class ReasonPhraseTests
{
    [TestCase(200, "Very Well")]
    [TestCase(404, "No Such Symbol")]
    public async Task OwnPhrase_IsThatOfHitsToo(int status, string phrase)
    {
        await using var app = await StartAsync(status, phrase, isEmpty: false);
        await using var empty = await StartAsync(status, phrase, isEmpty: true);

        foreach (var response in new[]
        {
            await app.GetAsync("/"), await app.GetAsync("/"), await empty.GetAsync("/"), await empty.GetAsync("/"),
        })
        {
            Assert.That(response.ReasonPhrase, Is.EqualTo(phrase));
        }
    }

    [TestCase(null)]
    [TestCase("OK")]
    public async Task UsualPhrase_IsNotStored(string? phrase)
    {
        await using var app = await StartAsync(200, phrase, isEmpty: false);

        await app.GetAsync("/");

        Assert.That(app.Cache.Entries.Single().Value.Annotation, Is.Empty, "plain JSON stays the raw body");
    }

    [Test]
    public async Task PhraseOfMiddlewareOutside_IsNotStored()
    {
        await using var app = await StartAsync(200, null, isEmpty: false, outside: "Outside");

        await app.GetAsync("/");

        Assert.That(app.Cache.Entries.Single().Value.Annotation, Is.Empty);
    }

    [Test]
    public async Task AnotherStatus_HasItsOwn()
    {
        await using var app = await StartAsync(200, "Very Well", isEmpty: false);
        var tag = (await app.GetAsync("/")).Field("ETag")!;

        var unchanged = await app.GetAsync("/", ("If-None-Match", tag));
        var part = await app.GetAsync("/", ("Range", "bytes=0-0"));
        var none = await app.GetAsync("/", ("Range", "bytes=9-"));

        foreach (var response in new[] { unchanged, part, none })
        {
            Assert.That(response.ReasonPhrase, Is.EqualTo(new HttpResponseMessage(response.StatusCode).ReasonPhrase));
        }

        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    private static void Set(HttpContext context, string? phrase) =>
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = phrase;

    private static Task<HttpApp> StartAsync(int status, string? phrase, bool isEmpty, string? outside = null) => HttpApp.StartAsync(
        app => app.MapGet("/", context =>
        {
            context.Response.StatusCode = status;
            if (phrase is not null)
            {
                Set(context, phrase);
            }

            return isEmpty ? Task.CompletedTask : context.Response.WriteAsJsonAsync(1);
        }).CacheResponse(response => response.Key("key").Status(404, TimeSpan.FromMinutes(1))),
        outer: app => app.Use((context, next) =>
        {
            Set(context, outside);
            return next(context);
        }));
}
