using CsCheck;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting;

[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
public sealed class ExactnessTests(ServerKind kind)
{
    private static readonly Gen<(int Limit, int[] Costs)> Schedules =
        Gen.Select(
            Gen.Int[1, 40], Gen.Int[0, 12].Array[1, 30], (limit, costs) => (limit, costs.Select(cost => Math.Min(cost, limit)).ToArray()));

    [Test]
    public async Task WithinOneWindow_EveryDecisionIsTheOracles()
    {
        var server = await SharedServers.GetAsync(kind);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);

        await Schedules.SampleAsync(
            async schedule =>
            {
                var key = SharedServers.NewKey();
                var limit = RateLimit.FixedWindow(schedule.Limit, TimeSpan.FromHours(1));
                var taken = 0;
                foreach (var cost in schedule.Costs)
                {
                    var decision = await service.Limiter.AcquireAsync(key, limit, cost);
                    var isAllowed = taken + cost <= schedule.Limit;
                    taken += isAllowed ? cost : 0;
                    if (decision.IsAllowed != isAllowed || decision.Remaining != schedule.Limit - taken)
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 300,
            threads: 1,
            writeLine: TestContext.Out.WriteLine);
    }

    [Test]
    public async Task ManyCallersOnSeveralConnections_TheLimitIsAdmittedAndNotOneMore()
    {
        const int Limit = 100;
        var server = await SharedServers.GetAsync(kind);
        await using var first = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var second = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(Limit, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };

        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var limiter = caller % 2 == 0 ? first.Limiter : second.Limiter;
            var admitted = 0;
            for (var call = 0; call < 25; call++)
            {
                admitted += (await limiter.AcquireAsync(key, limit)).IsAllowed ? 1 : 0;
            }

            return admitted;
        }));
        var admitted = (await Task.WhenAll(callers)).Sum();

        Assert.That(admitted, Is.EqualTo(Limit));
    }
}
