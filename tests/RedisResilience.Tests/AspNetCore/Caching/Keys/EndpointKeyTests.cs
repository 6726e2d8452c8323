using System.Security.Claims;
using CsCheck;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching.Keys;

namespace RedisResilience.Tests.AspNetCore.Caching.Keys;

public sealed class EndpointKeyTests
{
    [TestCase("?size=10&page=2")]
    [TestCase("?page=2&size=10")]
    [TestCase("?PAGE=2&Size=10&utm_source=x&z")]
    [TestCase("?page=%32&size=10")]
    public void ChosenQuery_IsInTheKeyWhateverItsOrder(string query) =>
        Assert.That(KeyOf(By("size", "page"), query), Is.EqualTo("list:?page=2&size=10"));

    [TestCase("")]
    [TestCase("?")]
    [TestCase("?utm_source=x&page2=1")]
    public void UnknownQuery_NeverMakesAnEntry(string query) => Assert.That(KeyOf(By("page"), query), Is.EqualTo("list"));

    [TestCase("?page=1&page=2", "list:?page=1&page=2")]
    [TestCase("?page=2&page=1", "list:?page=2&page=1")]
    [TestCase("?page=", "list:?page=")]
    [TestCase("?page=a%26size=10", "list:?page=a%26size=10")]
    [TestCase("?page=%7Ba%7D:%25", "list:?page=%7Ba%7D%3A%25")]
    public void Values_AreToldApart(string query, string key) => Assert.That(KeyOf(By("page", "size"), query), Is.EqualTo(key));

    [TestCase("?page=a%0d%0ab")]
    [TestCase("?page=%00")]
    public void ControlCharacters_GiveNoKey(string query) => Assert.That(KeyOf(By("page"), query), Is.Null);

    [Test]
    public void ChosenHeaders_AreInTheKey()
    {
        var key = KeyOf(builder => builder.VaryByHeader("Accept-Language", "Accept"), "", context =>
        {
            context.Request.Headers.AcceptLanguage = "de";
            context.Request.Headers.Accept = "a/b";
            context.Request.Headers["X-Other"] = "1";
        });

        Assert.That(key, Is.EqualTo("list:@accept=a/b&accept-language=de"));
    }

    [Test]
    public void Header_IsNotTakenForTheQuery()
    {
        var byHeader = KeyOf(builder => builder.VaryByQuery("a").VaryByHeader("a"), "", context => context.Request.Headers["a"] = "1");

        Assert.That(byHeader, Is.Not.EqualTo(KeyOf(builder => builder.VaryByQuery("a").VaryByHeader("a"), "?a=1")));
    }

    [Test]
    public void IgnoredCase_MakesNoDifference()
    {
        Assert.That(KeyOf(builder => builder.VaryByQuery("a").IgnoreCase(), "?a=DE"), Is.EqualTo("list:?a=de"));
        Assert.That(KeyOf(By("a"), "?a=DE"), Is.EqualTo("list:?a=DE"));
    }

    [Test]
    public void LongKey_IsHashedBehindItsBeginning()
    {
        var key = KeyOf(By("page"), "?page=" + new string('a', 5000))!;

        Assert.That(key, Does.Match("^list%sha256-[0-9a-f]{64}$"));
        Assert.That(key, Is.Not.EqualTo(KeyOf(By("page"), "?page=" + new string('a', 5001))));
    }

    [Test]
    public void User_IsHashedIntoTheKey()
    {
        var first = KeyOf(builder => builder.PerUser(), "", context => SignIn(context, "alice"));
        var second = KeyOf(builder => builder.PerUser(), "", context => SignIn(context, "bob"));

        Assert.That(first, Does.Match("^list:~[0-9a-f]{32}$"));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(KeyOf(builder => builder.PerUser(), ""), Is.Null, "nobody is no user");
        Assert.That(KeyOf(builder => builder.PerUser(_ => "tenant"), ""), Is.Not.Null);
    }

    [Test]
    public void Function_NamesTheKey()
    {
        Assert.That(KeyOf(builder => builder.Key(_ => "mine").VaryByQuery("a"), "?a=1"), Is.EqualTo("mine:?a=1"));
        Assert.That(KeyOf(builder => builder.Key(_ => null), ""), Is.Null);
        Assert.That(KeyOf(builder => builder.Key(_ => ""), ""), Is.Null);
    }

    [Test]
    public void NameByAFunction_NeverLooksLikeWhatIsAppended()
    {
        var honest = KeyOf(builder => builder.Key(_ => "x").VaryByQuery("page"), "?page=2");

        Assert.That(honest, Is.EqualTo("x:?page=2"));
        Assert.That(KeyOf(builder => builder.Key(_ => "x:?page=2").VaryByQuery("page"), ""), Is.EqualTo("x:%3Fpage=2"));
        Assert.That(KeyOf(builder => builder.Key(_ => "x:%3Fpage=2").VaryByQuery("page"), ""), Is.EqualTo("x:%253Fpage=2"));
        Assert.That(
            KeyOf(builder => builder.Key(_ => "user@host?a=b;c"), ""), Is.EqualTo("user@host?a=b;c"), "elsewhere they mean nothing");
    }

    [Test]
    public void HostAndValues_AreInTheKeyWhereAsked()
    {
        Assert.That(KeyOf(builder => builder.VaryByHost(), "", context => context.Request.Host = new HostString("A.test", 81)), Is.EqualTo(
            "list:!a.test%3A81"));
        Assert.That(KeyOf(builder => builder.VaryByValue("tenant", _ => "a:b"), ""), Is.EqualTo("list:=tenant=a%3Ab"));
        Assert.That(KeyOf(builder => builder.VaryByWholeQuery(), "?b=2&A=1"), Is.EqualTo("list:?a=1&b=2"));
    }

    [Test]
    public void DifferentRequests_NeverShareAKey() => Gen.Select(Gen.String, Gen.String, Gen.String, Gen.String).Sample(
        (a, b, c, d) =>
        {
            var first = KeyOf(By("a", "b"), QueryString.Create("a", a).Add("b", b).Value!);
            var second = KeyOf(By("a", "b"), QueryString.Create("a", c).Add("b", d).Value!);
            return first is null || second is null || (first == second) == (Decode(a) == Decode(c) && Decode(b) == Decode(d));
        },
        iter: 2000);

    // What a URL makes of a text that is not well-formed is not ours.
    private static string Decode(string text) => Uri.UnescapeDataString(Uri.EscapeDataString(text));

    private static void SignIn(HttpContext context, string name) =>
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name)], "cookie"));

    private static Action<CacheResponseBuilder> By(params string[] names) => builder => builder.VaryByQuery(names);

    private static string? KeyOf(Action<CacheResponseBuilder> configure, string query, Action<HttpContext>? request = null)
    {
        var builder = new CacheResponseBuilder().Key("list");
        configure(builder);
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        request?.Invoke(context);
        return new EndpointKey(builder.Build().Key, endpoint: null, sibling: "").Of(new KeySource(context));
    }
}
