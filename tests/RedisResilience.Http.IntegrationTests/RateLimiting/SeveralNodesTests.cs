using Microsoft.AspNetCore.Http;
using RedisResilience.Http.IntegrationTests.Servers;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.Http.IntegrationTests.RateLimiting;

/// <summary>Four processes of sixteen callers against an API that counts.</summary>
internal sealed class SeveralNodesTests
{
    private const int Nodes = 4;
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
            await UntilAskedAsync(api, api.Asked + (NodeProgram.Permits * 3));
            await Task.WhenAll(nodes.Select(node => node.GoAsync()));
            var answered = await Task.WhenAll(nodes.Select(node => node.AnsweredAsync()));
            var opensAt = closedAt + Pause;

            Assert.That(answered, Is.All.GreaterThan(0), "each node has had its turns");
            Assert.That(MostCertainlyIn(api.Calls, NodeProgram.Window), Is.LessThanOrEqualTo(NodeProgram.Permits));
            Assert.That(api.HeardAt, Is.Not.Null);
            Assert.That(api.Calls.Where(call => call.BegunAt > api.HeardAt && call.ArrivedAt < opensAt), Is.Empty, "no node calls");
            Assert.That(api.Calls.Count(call => call.ArrivedAt > opensAt), Is.GreaterThan(NodeProgram.Permits), "and all come back");
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
            closed.TrySetResult(NodeProgram.Now);
        };
        return await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAskedAsync(CountingApi api, int count)
    {
        var begun = NodeProgram.Now;
        while (api.Asked < count)
        {
            Assert.That(NodeProgram.Now - begun, Is.LessThan(TimeSpan.FromSeconds(60)), "they do not come");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    // A permit was given after its call had begun and before it arrived: calls that lie in a window with all of that were surely given
    // theirs in it. On a busy machine fewer are sure, and none that is wrong is.
    private static int MostCertainlyIn(IReadOnlyCollection<ArrivedCall> calls, TimeSpan window) =>
        calls.Max(first => calls.Count(call => call.BegunAt >= first.BegunAt && call.ArrivedAt < first.BegunAt + window));
}
