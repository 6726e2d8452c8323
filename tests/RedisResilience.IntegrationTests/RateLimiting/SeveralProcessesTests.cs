using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>Four processes of sixteen callers each on one key: the limit is granted, and not one permit more.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class SeveralProcessesTests(ServerKind kind)
{
    private const int Processes = 4;

    public static IEnumerable<string> Limits => CallersProgram.Limits.Keys;

    [TestCaseSource(nameof(Limits))]
    public async Task TheLimitIsGrantedAndNotOneMore(string limit)
    {
        var server = await SharedServers.GetAsync(kind);
        var key = SharedServers.NewKey("processes");
        var processes = Enumerable.Range(0, Processes).Select(_ => new CallersProcess(server.ConnectionString, key, limit)).ToArray();
        try
        {
            await Task.WhenAll(processes.Select(process => process.ReadyAsync()));
            var results = await Task.WhenAll(processes.Select(process => process.RunAsync()));
            var granted = results.Sum(result => result.Granted);
            Assert.That(granted, Is.LessThanOrEqualTo(CallersProgram.Permits));

            // A call that was not answered in twenty seconds may have taken its permits all the same.
            if (results.All(result => result.Unanswered == 0))
            {
                Assert.That(granted, Is.EqualTo(CallersProgram.Permits));
            }
        }
        finally
        {
            Array.ForEach(processes, process => process.Dispose());
        }
    }
}
