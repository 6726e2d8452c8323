using CsCheck;
using RedisResilience.Http.Caching;
using RedisResilience.Http.Caching.Entries;

namespace RedisResilience.Http.Tests.Caching;

internal sealed class FormatTests
{
    private static readonly Gen<TimeSpan> Time = Gen.Long[0, 1L << 40].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));
    private static readonly Gen<StoredResponse> Responses = Gen.Select(
        Gen.Int[200, 599], Gen.String[Gen.Char[' ', '~'], 0, 20], Gen.Select(
        Gen.String[Gen.Char['a', 'z'], 1, 9], Gen.String[Gen.Char[' ', '\u0fff'], 0, 30]).Array[0, 9],
        Gen.Byte.Array[0, 300], Gen.Select(
        Time, Time, Time.Nullable(), Time.Nullable(), Gen.Bool), Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong),
        (status, reason, fields, body, times, numbers) => new StoredResponse
        {
            Status = status,
            ReasonPhrase = reason.Length == 0 ? null : reason,
            Fields = [.. fields.Select(field => new FieldLine(field.Item1, field.Item2))],
            Body = body,
            Policy = new ReusePolicy(times.Item1, times.Item2, times.Item5, !times.Item5, times.Item5)
            {
                StaleIfError = times.Item3,
                StaleWhileRevalidate = times.Item4
            },
            VaryNames = [.. fields.Select(field => field.Item1)],
            Lineage = numbers.Item1,
            Selecting = new UInt128(numbers.Item2, numbers.Item3),
            StoredAt = DateTimeOffset.UnixEpoch + times.Item1,
        });

    [Test]
    public void WhatIsWritten_IsRead() => Responses.Sample(
        response =>
        {
            var read = ResponseFormat.Read(ResponseFormat.Write(response))!;

            Assert.That((read.Status, read.ReasonPhrase, read.Policy, read.Lineage, read.Selecting, read.StoredAt), Is.EqualTo(
                (response.Status, response.ReasonPhrase, response.Policy, response.Lineage, response.Selecting, response.StoredAt)));
            Assert.That(read.Fields, Is.EqualTo(response.Fields));
            Assert.That(read.VaryNames, Is.EqualTo(response.VaryNames));
            Assert.That(read.Body.ToArray(), Is.EqualTo(response.Body.ToArray()));
        },
        iter: 2000);

    [Test]
    public void DamagedBytes_AreNoResponse_OrAWellFormedOne() =>
        Gen.Select(Responses, Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 100_000]).Sample(
        (response, at, value, end) =>
        {
            var bytes = ResponseFormat.Write(response)!;
            bytes[at % bytes.Length] = value;
            var read = ResponseFormat.Read(bytes.AsMemory(0, end % (bytes.Length + 1)));

            Assert.That(read?.Fields.All(field => field.Name.Length > 0 && !field.Value.Contains('\n')) ?? true, Is.True);
        },
        iter: 20_000);

    [Test]
    public void EndlessFields_AreNotWritten() =>
        Assert.That(
            ResponseFormat.Write(new StoredResponse
            {
                Status = 200,
                Fields = [.. Enumerable.Range(0, 3000).Select(number => new FieldLine($"X-{number}", new string('x', 100)))],
                Policy = default,
                StoredAt = DateTimeOffset.UnixEpoch,
            }),
            Is.Null);

    [Test]
    public async Task ForeignValueUnderTheKey_IsReplaced()
    {
        using var cached = new CachedClient();
        using var request = CachedClient.Request(HttpMethod.Get, "http://api.test/quotes/AAPL");
        var key = RedisResilience.Http.Caching.Keys.RequestKey.Of(request, "quotes", new HttpCacheOptions())!;
        await cached.Store.SetAsync(key, new RedisResilience.Caching.SourceResponse(
            "foreign"u8.ToArray()), new RedisResilience.Caching.CacheEntryOptions(TimeSpan.FromHours(1)));

        Assert.That((await cached.GetAsync()).Body, Is.EqualTo("body"));
        Assert.That((await cached.GetAsync()).IsHit, Is.True);
    }

    [Test]
    public void WhatWasReadBefore_IsNotTakenForWhatIsThereNow() => Responses.Array[1, 4].Sample(
        responses =>
        {
            var recent = new RecentResponses();
            foreach (var response in responses.Concat(responses))
            {
                var written = ResponseFormat.Write(response);
                Assert.That(ResponseFormat.Write(recent.Read("key", written)!), Is.EqualTo(written));
            }
        });
}
