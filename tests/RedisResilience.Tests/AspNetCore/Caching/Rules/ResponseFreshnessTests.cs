using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.Tests.AspNetCore.Caching.Rules;

public sealed class ResponseFreshnessTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase("max-age=60", 60)]
    [TestCase("max-age=60, s-maxage=5", 5)]
    [TestCase("MAX-AGE=60", 60)]
    [TestCase("public", null)]
    [TestCase("max-age=0", 0)]
    public void Freshness_IsWhatTheResponseSays(string cacheControl, int? seconds) =>
        Assert.That(Read(cacheControl).FreshFor, Is.EqualTo(seconds is { } time ? TimeSpan.FromSeconds(time) : (TimeSpan?)null));

    [TestCase("max-age=60, stale-while-revalidate=30, stale-if-error=300", 30, 300)]
    [TestCase("Stale-While-Revalidate=\"30\"", 30, null)]
    [TestCase("stale-while-revalidate=x, stale-if-error=-1", 0, 0)]
    [TestCase("max-age=1", null, null)]
    public void StaleWindows_AreThoseOfRfc5861(string cacheControl, int? whileRevalidate, int? ifError)
    {
        var directives = Read(cacheControl);

        Assert.That(directives.Control.StaleWhileRevalidate?.TotalSeconds, Is.EqualTo(whileRevalidate));
        Assert.That(directives.Control.StaleIfError?.TotalSeconds, Is.EqualTo(ifError));
    }

    [TestCase("no-store")]
    [TestCase("no-cache")]
    [TestCase("max-age=60, no-store")]
    [TestCase("max-age=0")]
    [TestCase("max-age=60, s-maxage=0")]
    [TestCase("max-age=x")]
    public void ForbiddenOrUnreadable_IsNotStored(string cacheControl) => Assert.That(Read(cacheControl).ForbidsStorage, Is.True);

    [TestCase("must-revalidate", true)]
    [TestCase("proxy-revalidate", true)]
    [TestCase("s-maxage=5", true)]
    [TestCase("max-age=5", false)]
    public void MustRevalidate_ForbidsStale(string cacheControl, bool forbids) =>
        Assert.That(StaleWindow.IsForbidden(Read(cacheControl).Control), Is.EqualTo(forbids));

    [TestCase("Thu, 01 Jan 2026 00:01:00 GMT", 60)]
    [TestCase("Wed, 31 Dec 2025 00:00:00 GMT", 0)]
    [TestCase("-1", 0)]
    [TestCase("Thu, 1 Jan 2026 00:01:00 GMT", 0)]
    [TestCase("Thu, 01-Jan-2026 00:01:00 GMT", 0)]
    [TestCase("Thu, 01 Jan  2026 00:01:00 GMT", 0)]
    public void Expires_CountsWhereNothingElseDoes(string expires, int seconds)
    {
        Assert.That(Read((HeaderNames.Expires, expires)).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(
            Read((HeaderNames.Expires, expires), (HeaderNames.CacheControl, "public")).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(
            Read((HeaderNames.Expires, expires), (HeaderNames.CacheControl, "max-age=7")).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Expires_IsComparedWithTheResponsesOwnDate() => Assert.That(
        Read((HeaderNames.Date, "Wed, 31 Dec 2025 23:59:50 GMT"), (HeaderNames.Expires, "Thu, 01 Jan 2026 00:00:20 GMT")).FreshFor,
        Is.EqualTo(TimeSpan.FromSeconds(20)), "30 s from its date, of which 10 are over");

    [TestCase("30", 30)]
    [TestCase("60", null)]
    [TestCase("x", 60)]
    public void AgeOfTheOrigin_Counts(string age, int? left)
    {
        var freshness = Read((HeaderNames.Age, age), (HeaderNames.CacheControl, "max-age=60"));

        Assert.That(freshness.ForbidsStorage, Is.EqualTo(left is null));
        Assert.That(freshness.FreshFor, Is.EqualTo(TimeSpan.FromSeconds(left ?? 0)));
    }

    [TestCase("max-age=2147483648", 2147483648)]
    [TestCase("max-age=99999999999", 2147483648)]
    [TestCase("max-age=\"60\"", 60)]
    [TestCase("max-age=5, max-age=10", 5)]
    public void DeltaSeconds_AreReadAsHttpSays(string cacheControl, long seconds) =>
        Assert.That(Read(cacheControl).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("CDN-Cache-Control")]
    [TestCase("RedisResilience-Cache-Control")]
    public void TargetedField_GoesBeforeTheOneForAll(string name)
    {
        Assert.That(Read((name, "max-age=60"), (HeaderNames.CacheControl, "no-store")).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Read((name, "no-store"), (HeaderNames.CacheControl, "max-age=60")).ForbidsStorage, Is.True);
        Assert.That(Read((name, "max-age=;"), (HeaderNames.CacheControl, "max-age=60")).FreshFor, Is.EqualTo(
            TimeSpan.FromSeconds(60)), "a malformed one is not there");
    }

    [TestCase(200, false)]
    [TestCase(599, true)]
    public void MustUnderstand_GoesBeforeNoStore(int status, bool forbids)
    {
        var context = new DefaultHttpContext { Response = { StatusCode = status } };
        context.Response.Headers.CacheControl = "max-age=60, no-store, must-understand";

        Assert.That(ResponseFreshness.Read(context.Response, [], Now, Now).ForbidsStorage, Is.EqualTo(forbids));
    }

    [Test]
    public void SecondLine_IsReadToo() => Assert.That(Read(new StringValues(["max-age=5", "private"])).IsPrivate, Is.True);

    private static ResponseFreshness Read(StringValues cacheControl) => Read((HeaderNames.CacheControl, cacheControl));

    private static ResponseFreshness Read(params (string Name, StringValues Value)[] fields)
    {
        var response = new DefaultHttpContext().Response;
        foreach (var (name, value) in fields)
        {
            response.Headers[name] = value;
        }

        return ResponseFreshness.Read(response, [], Now, Now);
    }
}
