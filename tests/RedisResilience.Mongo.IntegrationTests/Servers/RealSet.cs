using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>
/// What a real MongoDB can be made to do: step down, and where <c>MONGO_KILL</c> is <c>true</c> and its members run on this machine, die.
/// </summary>
internal sealed class RealSet(string connectionString)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the environment says that a primary may be killed. Its set must go on without it.</summary>
    public static bool CanKill { get; } = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("MONGO_KILL") == "true";

    /// <summary>A set of one has nobody to follow it: it is forced, and elects itself again when the second is over.</summary>
    public async Task StepDownAsync()
    {
        var isAlone = await MongoServers.MembersAsync(connectionString) < 2;
        using var client = new MongoClient(connectionString);
        try
        {
            await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(isAlone
                ? new BsonDocument { { "replSetStepDown", 1 }, { "secondaryCatchUpPeriodSecs", 0 }, { "force", true } }
                : new BsonDocument { { "replSetStepDown", 10 }, { "secondaryCatchUpPeriodSecs", 5 } });
        }
        catch (Exception stepped) when (stepped is MongoConnectionException or MongoCommandException)
        {
            // Older servers close the connection instead of an answer; and where nobody can follow at present, the primary stays.
        }
    }

    /// <summary><c>kill -9</c> of the primary. It is started again as it was.</summary>
    public async Task KillPrimaryAsync()
    {
        using var client = new MongoClient(connectionString);
        var admin = client.GetDatabase("admin");
        var process = (await admin.RunCommandAsync<BsonDocument>(new BsonDocument("serverStatus", 1)))["pid"].ToInt32();
        var arguments = (await admin.RunCommandAsync<BsonDocument>(
            new BsonDocument("getCmdLineOpts", 1)))["argv"].AsBsonArray.Select(argument => argument.AsString).ToArray();
        var program = File.ResolveLinkTarget($"/proc/{process}/exe", returnFinalTarget: true)!.FullName;
        var folder = Directory.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: true)!.FullName;
        using (var primary = Process.GetProcessById(process))
        {
            primary.Kill();
            await primary.WaitForExitAsync().WaitAsync(Patience);
        }

        var again = Process.Start(new ProcessStartInfo(
            program, arguments.Skip(1))
        { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        again.BeginOutputReadLine();
        again.BeginErrorReadLine();
        await UntilLedAsync(admin);
    }

    private static async Task UntilLedAsync(IMongoDatabase admin)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                await admin.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: deadline.Token);
                return;
            }
            catch (MongoException)
            {
                await Task.Delay(Pause, TimeProvider.System, deadline.Token);
            }
        }
    }
}
