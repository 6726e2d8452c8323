using Microsoft.AspNetCore.Http;
using RedisResilience.Http.IntegrationTests.Servers;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.Http.IntegrationTests.RateLimiting;

/// <summary>Four processes of sixteen callers against an API that counts.</summary>
internal sealed class SeveralNodesTests
{
    private const int Nodes = 4;
    private const double Busy = 0.4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    [Test]
    public async Task Api_NeverSeesMoreThanTheLimit_AndIsLeftAloneWhenItSaysSo()
    {
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        await using var api = await CountingApi.StartAsync();
        var name = $"api-{Guid.NewGuid():N}";
        var nodes = Enumerable.Range(0, Nodes).Select(_ => new NodeProcess(server.ConnectionString, api.Address, name)).ToArray();
        try
        {
            await Task.WhenAll(nodes.Select(node => node.ReadyAsync()));
            await Task.WhenAll(nodes.Select(node => node.GoAsync()));
            await UntilAskedAsync(api, NodeProgram.Permits * 3);
            var closedAt = await CloseOnceAsync(api);
            var heardAt = CountingApi.Now;
            await UntilAskedAsync(api, api.Asked + (NodeProgram.Permits * 3));
            await Task.WhenAll(nodes.Select(node => node.GoAsync()));
            var answered = await Task.WhenAll(nodes.Select(node => node.AnsweredAsync()));

            var asked = api.AskedAt;
            Assert.That(answered, Is.All.GreaterThan(0), "each node has had its turns");
            Assert.That(MostIn(asked, NodeProgram.Window * (1 - Busy)), Is.LessThanOrEqualTo(
                NodeProgram.Permits), "a call may arrive later than its permit was given");
            Assert.That(asked.Where(
                time => time > heardAt + (Pause * Busy / 2) && time < closedAt + Pause), Is.Empty, "no node calls for two seconds");
            Assert.That(asked.Count(time => time >= closedAt + Pause), Is.GreaterThan(NodeProgram.Permits), "and all come back");
        }
        finally
        {
            Array.ForEach(nodes, node => node.Dispose());
        }
    }

    private static async Task<TimeSpan> CloseOnceAsync(CountingApi api)
    {
        var closed = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var usual = api.Answer;
        api.Answer = async context =>
        {
            if (closed.Task.IsCompleted)
            {
                await usual(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = $"{(int)Pause.TotalSeconds}";
            closed.TrySetResult(CountingApi.Now);
        };
        return await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAskedAsync(CountingApi api, int count)
    {
        var begun = CountingApi.Now;
        while (api.Asked < count)
        {
            Assert.That(CountingApi.Now - begun, Is.LessThan(TimeSpan.FromSeconds(60)), "they do not come");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static int MostIn(IReadOnlyList<TimeSpan> times, TimeSpan window)
    {
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
