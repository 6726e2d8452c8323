using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

public sealed class ResponseDirectivesTests
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
    [TestCase("stale-while-revalidate=x, stale-if-error=-1", null, null)]
    [TestCase("stale-while-revalidate", null, null)]
    [TestCase("max-age=1", null, null)]
    public void StaleWindows_AreThoseOfRfc5861(string cacheControl, int? whileRevalidate, int? ifError)
    {
        var directives = Read(cacheControl);

        Assert.That(directives.StaleWhileRevalidate?.TotalSeconds, Is.EqualTo(whileRevalidate));
        Assert.That(directives.StaleIfError?.TotalSeconds, Is.EqualTo(ifError));
    }

    [Test]
    public void WindowOfManyYears_IsTheLongestThatThereIs() =>
        Assert.That(Read("stale-if-error=2147483647").StaleIfError, Is.EqualTo(TimeSpan.FromDays(365)));

    [TestCase("no-store")]
    [TestCase("no-cache")]
    [TestCase("max-age=60, no-store")]
    [TestCase("=;,")]
    [TestCase("max-age=x")]
    public void ForbiddenOrUnreadable_IsNotStored(string cacheControl) => Assert.That(Read(cacheControl).ForbidsStorage, Is.True);

    [TestCase("must-revalidate", true)]
    [TestCase("proxy-revalidate", true)]
    [TestCase("s-maxage=5", true)]
    [TestCase("max-age=5", false)]
    public void MustRevalidate_ForbidsStale(string cacheControl, bool forbids) => Assert.That(Read(cacheControl).ForbidsStale, Is.EqualTo(forbids));

    [TestCase("Thu, 01 Jan 2026 00:01:00 GMT", 60)]
    [TestCase("Wed, 31 Dec 2025 00:00:00 GMT", 0)]
    [TestCase("-1", 0)]
    [TestCase("tomorrow", 0)]
    public void Expires_CountsWhereNothingElseDoes(string expires, int seconds)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        headers.Expires = expires;
        Assert.That(ResponseDirectives.Read(headers, Now).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

        headers.CacheControl = "public";
        Assert.That(ResponseDirectives.Read(headers, Now).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

        headers.CacheControl = "max-age=7";
        Assert.That(ResponseDirectives.Read(headers, Now).FreshFor, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void SecondLine_IsReadToo() => Assert.That(Read(new StringValues(["max-age=5", "private"])).IsPrivate, Is.True);

    private static ResponseDirectives Read(StringValues cacheControl) =>
        ResponseDirectives.Read(new HeaderDictionary { [HeaderNames.CacheControl] = cacheControl }, Now);
}
