using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Tests.AspNetCore.Caching.Serving;

public sealed class HitAllocationTests
{
    private const int Hits = 1000;

    [Test]
    public async Task HitWithEightStoredFields_AllocatesLittle()
    {
        HttpAnnotation.TryWrite(
            200, [.. Enumerable.Range(0, 8).Select(
                number => KeyValuePair.Create($"X-Field-{number}", new Microsoft.Extensions.Primitives.StringValues($"value {number}")))],
            out var annotation);
        var cached = CachedResponse.Hit(new byte[100], timeToLive: TimeSpan.FromSeconds(42)) with
        {
            Age = TimeSpan.FromSeconds(18),
            Annotation = annotation,
            ETag = "\"mine\"",
            ContentType = "text/plain",
        };
        var services = new HttpCacheServices
        {
            Cache = new FakeCache(),
            Status = Mock.Of<IRedisStatus>(),
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            MaximumEntrySize = 1000,
            UncacheableKeys = new UncacheableKeys(TimeProvider.System),
            Pipeline = new HttpPipeline(),
        };
        var context = new DefaultHttpContext();
        var endpoint = new CachedEndpoint(new CacheResponseBuilder().Key("key").Build(), endpoint: null, sibling: "");
        var lookup = CacheLookup.Begin(context, endpoint, TimeSpan.FromSeconds(60));
        await HitAsync();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var hit = 0; hit < Hits; hit++)
        {
            context.Response.Headers.Clear();
            var writing = HitAsync();
            Assert.That(writing.IsCompletedSuccessfully, Is.True);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Hits;
        TestContext.Out.WriteLine($"{each} bytes a hit");
        Assert.That(each, Is.LessThanOrEqualTo(400));

        ValueTask<System.IO.Pipelines.FlushResult> HitAsync() =>
            CacheHit.WriteAsync(context, lookup, cached, "RedisResilience; hit", services);
    }
}
