using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Tests.RateLimiting;

internal sealed class LimitTests
{
    private static readonly RateLimit TwoASecond = RateLimit.FixedWindow(2, TimeSpan.FromSeconds(1));

    [Test]
    public async Task RequestBeyondTheLimit_IsNotSent_AndTellsWhenToComeBack()
    {
        using var limited = new LimitedClient(TwoASecond);
        Assert.That((await limited.SendAsync(), await limited.SendAsync()), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));

        Assert.That((await limited.SendAsync(), limited.Origin.Asked), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(1), 2)));
        limited.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await limited.SendAsync(), Is.Null);
    }

    [Test]
    public async Task RequestBeyondTheLimit_IsA429_WhereAsked()
    {
        using var limited = new LimitedClient(TwoASecond, options => options.AnswersWithStatus = true);
        await limited.SendAsync();
        await limited.SendAsync();
        using var response = await limited.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.That((response.StatusCode, response.Headers.RetryAfter?.Delta), Is.EqualTo(
            (HttpStatusCode.TooManyRequests, (TimeSpan?)TimeSpan.FromSeconds(1))));
    }

    [Test]
    public async Task Request_WaitsForItsTurn()
    {
        using var limited = new LimitedClient(
            RateLimit.TokenBucket(1, TimeSpan.FromSeconds(1)), options => options.MaximumWait = TimeSpan.FromSeconds(10));
        await limited.SendAsync();
        var took = await limited.PassUntilAsync(limited.SendAsync());

        Assert.That((took, limited.Origin.Asked), Is.EqualTo((TimeSpan.FromSeconds(1), 2)).Using<(TimeSpan, int)>(
            (x, y) => x.Item2 == y.Item2 && (x.Item1 - y.Item1).Duration() < TimeSpan.FromSeconds(0.5)));
    }

    [Test]
    public async Task CancelledWait_GivesItsPermitBack()
    {
        using var limited = new LimitedClient(
            RateLimit.TokenBucket(1, TimeSpan.FromSeconds(10)), options => options.MaximumWait = TimeSpan.FromSeconds(30));
        await limited.SendAsync();
        using var leaving = new CancellationTokenSource();
        var waiting = limited.Client.GetAsync(new Uri("/", UriKind.Relative), leaving.Token);
        await leaving.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        limited.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await limited.SendAsync(prepare: request => request.Options.Set(HttpLimitRequest.MaximumWait, TimeSpan.Zero)), Is.Null);
    }

    [Test]
    public async Task EachAttempt_Pays_AlsoOfARetryThatWasAddedLater()
    {
        using var limited = new LimitedClient(
            RateLimit.FixedWindow(3, TimeSpan.FromHours(1)), more: client => client.AddHttpMessageHandler(() => new Retrying(attempts: 3)));
        limited.Origin.Answers(_ => FakeOrigin.Response(HttpStatusCode.BadGateway, ""));
        await limited.SendAsync();

        Assert.That((limited.Origin.Asked, await limited.SendAsync()), Is.EqualTo((3, (TimeSpan?)TimeSpan.FromHours(1))));
    }

    [Test]
    public async Task Keys_AreCountedApart_AndCostsDiffer()
    {
        using var byHost = new LimitedClient(TwoASecond, options => options.Key = HttpLimitKeys.Host);
        using var byToken = new LimitedClient(TwoASecond, options =>
            (options.Key, options.Cost) = (HttpLimitKeys.Header("Authorization"), request => request.Headers.Contains("Dear") ? 2 : 1));
        await byHost.SendAsync();
        await byHost.SendAsync();
        Assert.That((await byHost.SendAsync(), await byHost.SendAsync("http://other.test/")), Is.EqualTo(
            ((TimeSpan?)TimeSpan.FromSeconds(1), (TimeSpan?)null)));

        await byToken.SendAsync(prepare: request => Header(request, "a", isDear: true));
        Assert.That(await byToken.SendAsync(prepare: request => Header(request, "a", isDear: false)), Is.Not.Null);
        Assert.That(await byToken.SendAsync(prepare: request => Header(request, "b", isDear: false)), Is.Null);
    }

    [TestCase("")]
    [TestCase("a\nb")]
    [TestCase("\ud800")]
    [TestCase("long")]
    public async Task KeyThatRedisDoesNotTake_IsCountedByItsHash(string key)
    {
        key = key == "long" ? new string('x', 5000) : key;
        using var limited = new LimitedClient(TwoASecond, options => options.Key = request => request.RequestUri!.Query + key);
        await limited.SendAsync();
        await limited.SendAsync();

        Assert.That((await limited.SendAsync(), await limited.SendAsync("?other")), Is.EqualTo(
            ((TimeSpan?)TimeSpan.FromSeconds(1), (TimeSpan?)null)));
    }

    [Test]
    public async Task WaitOfARequest_MayBeForEver()
    {
        using var limited = new LimitedClient(TwoASecond);
        foreach (var wait in new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue })
        {
            await limited.PassUntilAsync(Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
                limited.SendAsync(prepare: request => request.Options.Set(HttpLimitRequest.MaximumWait, wait)))));
        }

        Assert.That(limited.Origin.Asked, Is.EqualTo(6));
    }

    [Test]
    public async Task RequestThatCostsMoreThanTheLimitEverGives_IsToldSo()
    {
        using var limited = new LimitedClient(TwoASecond, options => options.Cost = _ => 3);

        var refused = await Assert.ThrowsAsync<HttpRateLimitedException>(() => limited.Client.GetAsync(new Uri("/", UriKind.Relative)));
        Assert.That((refused!.IsImpossible, refused.Message), Is.EqualTo((true, "The limit 'quotes' never has as many permits as this "
            + "request costs.")));
    }

    [Test]
    public void SynchronousCall_GivesItsPermitBackWithTheBody()
    {
        using var limited = new LimitedClient(RateLimit.Concurrency(1));
        for (var call = 0; call < 3; call++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "");
            using var response = limited.Client.Send(request);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public void NegativeCost_IsRefused()
    {
        using var limited = new LimitedClient(TwoASecond, options => options.Cost = _ => -1);

        Assert.That(() => limited.SendAsync(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Concurrency_IsHeldUntilTheContentIsReadOrDisposed(bool isRead)
    {
        using var limited = new LimitedClient(RateLimit.Concurrency(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        var response = await limited.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(await limited.SendAsync(), Is.Not.Null);
        if (isRead)
        {
            await response.Content.ReadAsStringAsync();
        }
        else
        {
            response.Dispose();
        }

        Assert.That(await limited.SendAsync(), Is.Null);
        limited.Origin.Fails();
        Assert.That(async () => await limited.SendAsync(), Throws.InstanceOf<HttpRequestException>());
        limited.Origin.Answers("back");
        Assert.That(await limited.SendAsync(), Is.Null, "a request that failed holds nothing");
    }

    [Test]
    public async Task Concurrency_LeavesTheLengthOfTheContentAsItIs()
    {
        using var limited = new LimitedClient(RateLimit.Concurrency(1));
        limited.Origin.Answers("four");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        using var response = await limited.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(4));
    }

    [Test]
    public void WrongOptions_AreRefused() => Assert.That(
        () => new LimitedClient(TwoASecond, options => options.MaximumWait = TimeSpan.FromDays(2)),
        Throws.InstanceOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains("MaximumWait"));

    private static void Header(HttpRequestMessage request, string token, bool isDear)
    {
        request.Headers.TryAddWithoutValidation("Authorization", token);
        if (isDear)
        {
            request.Headers.TryAddWithoutValidation("Dear", "1");
        }
    }
}
