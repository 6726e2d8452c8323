using RedisResilience.Caching;

namespace RedisResilience.Tests.Caching;

internal sealed class BadInputTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [TestCase("text/html\r\nSet-Cookie: a=b")]
    [TestCase("text/html\n")]
    [TestCase("täxt/html")]
    [TestCase("text/html\0")]
    public void FieldThatIsNotClean_IsRefused(string field)
    {
        Assert.That(() => new SourceResponse(default) { ContentType = field }, Throws.ArgumentException);
        Assert.That(() => new SourceResponse(default) { ETag = field }, Throws.ArgumentException);
    }

    [Test]
    public void FieldOrAnnotationThatIsTooLong_IsRefused()
    {
        Assert.That(() => new SourceResponse(default) { ContentType = new string('a', 257) }, Throws.ArgumentException);
        Assert.That(() => new SourceResponse(default) { Annotation = new byte[4097] }, Throws.ArgumentException);
    }

    [TestCaseSource(typeof(Keys), nameof(Keys.Bad))]
    public void TagThatIsNoKey_IsRefused(string tag)
    {
        Assert.That(() => new CacheEntryOptions(Minute) { Tags = [tag] }, Throws.ArgumentException);
        Assert.That(() => new SourceResponse(default) { Tags = [tag] }, Throws.ArgumentException);
        Assert.That(() => new InMemoryResponseCache().RemoveByTagAsync(tag).AsTask(), Throws.ArgumentException);
    }

    [Test]
    public void TooManyTags_AreRefused() =>
        Assert.That(
            () => new CacheEntryOptions(Minute) { Tags = [.. Enumerable.Range(0, 17).Select(tag => $"{tag}")] }, Throws.ArgumentException);

    [Test]
    public void OptionsOutOfRange_AreRefused()
    {
        Action[] bad =
        [
            () => _ = new CacheEntryOptions(TimeSpan.Zero),
            () => _ = new CacheEntryOptions(TimeSpan.FromDays(366)),
            () => _ = new CacheEntryOptions(Minute) { StaleIfError = -Minute },
            () => _ = new CacheEntryOptions(Minute) { StaleWhileRevalidate = TimeSpan.FromDays(366) },
            () => _ = new CacheEntryOptions(Minute) { NegativeTimeToLive = TimeSpan.Zero },
            () => _ = new CacheEntryOptions(Minute) { JitterFactor = 0.6 },
            () => _ = new CacheEntryOptions(Minute) { JitterFactor = double.NaN },
            () => _ = new CacheEntryOptions(Minute) { EarlyRefreshFactor = -1 },
            () => _ = new CacheEntryOptions(Minute) { LeaseTime = TimeSpan.Zero },
            () => _ = new CacheEntryOptions(Minute) { MaximumFillWait = -Minute },
            () => _ = new SourceResponse(default) { TimeToLive = -Minute },
        ];
        Assert.Multiple(() =>
        {
            foreach (var action in bad)
            {
                Assert.That(action, Throws.InstanceOf<ArgumentOutOfRangeException>());
            }
        });
    }
}
