using RedisResilience.AspNetCore;

namespace RedisResilience.Tests.AspNetCore.Caching;

public sealed class CacheResponseBuilderTests
{
    private readonly CacheResponseBuilder _builder = new();

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(366)]
    public void TimeOutOfRange_IsRefused(int days)
    {
        var time = TimeSpan.FromDays(days);
        Assert.That(() => _builder.Duration(time), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _builder.StaleIfError(time), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _builder.StaleWhileRevalidate(time), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _builder.Status(404, time), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(100)]
    [TestCase(200)]
    [TestCase(206)]
    [TestCase(304)]
    [TestCase(600)]
    public void StatusThatIsNeverKept_IsRefused(int status) =>
        Assert.That(() => _builder.Status(status, TimeSpan.FromSeconds(1)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("Authorization")]
    [TestCase("cookie")]
    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("a:")]
    [TestCase("")]
    [TestCase(null)]
    public void VaryByWhatIsSecretOrNoName_IsRefused(string? name) =>
        Assert.That(() => _builder.VaryByHeader(name!), Throws.InstanceOf<ArgumentException>());

    [TestCase("WWW-Authenticate")]
    [TestCase("RateLimit")]
    [TestCase("Connection")]
    [TestCase("a\nb")]
    public void FieldThatIsNeverStored_IsRefused(string name) =>
        Assert.That(() => _builder.StoreHeader(name), Throws.InstanceOf<ArgumentException>());

    [TestCase("")]
    [TestCase(null)]
    [TestCase("a\0")]
    public void QueryNameThatIsNone_IsRefused(string? name) =>
        Assert.That(() => _builder.VaryByQuery(name!), Throws.InstanceOf<ArgumentException>());

    [TestCase("{")]
    [TestCase("")]
    public void MalformedTag_IsRefused(string template) =>
        Assert.That(() => _builder.Tags(template), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Null_IsRefused()
    {
        Assert.That(() => _builder.Key((string)null!), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () => _builder.Key((Func<Microsoft.AspNetCore.Http.HttpContext, string?>)null!), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _builder.VaryByQuery(null!), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _builder.VaryByHeader((string[])null!), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _builder.Tags((string[])null!), Throws.InstanceOf<ArgumentException>());
    }
}
