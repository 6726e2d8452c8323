using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching;

namespace RedisResilience.Tests.AspNetCore.Caching;

public sealed class RequestDirectivesTests
{
    [TestCase("", false, false)]
    [TestCase("no-cache, max-age=0", false, false)]
    [TestCase("no-store", true, false)]
    [TestCase("max-age=0 , NO-STORE", true, false)]
    [TestCase("only-if-cached", false, true)]
    [TestCase("no-stores, xonly-if-cached", false, false)]
    public void Directives_AreReadWhereTheyProtect(string cacheControl, bool noStore, bool onlyIfCached)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.CacheControl = cacheControl;

        Assert.That(RequestDirectives.Read(context.Request), Is.EqualTo(new RequestDirectives(noStore, onlyIfCached)));
    }
}
