using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>A real MongoDB: the one of <c>MONGO_URL</c>, or a <c>mongod</c> of the tests' own as a replica set of one member.</summary>
internal sealed class RealMongo : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string[] NoSocketFile = OperatingSystem.IsWindows() ? [] : ["--nounixsocket"];

    private readonly Process? _process;
    private readonly DirectoryInfo? _data;

    private RealMongo(string connectionString, Process? process = null, DirectoryInfo? data = null) =>
        (ConnectionString, _process, _data) = (connectionString, process, data);

    public string ConnectionString { get; }

    /// <returns>Null when there is none.</returns>
    public static async Task<RealMongo?> FindOrStartAsync()
    {
        if (Environment.GetEnvironmentVariable("MONGO_URL") is { Length: > 0 } url)
        {
            return new RealMongo(url);
        }

        return Programs.Find("mongod") is { } program ? await StartAsync(program) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        _data?.Delete(recursive: true);
    }

    private static async Task<RealMongo> StartAsync(string program)
    {
        var port = RedisServer.FreePort();
        var data = Directory.CreateTempSubdirectory("mongod-");
        var start = new ProcessStartInfo(
            program,
            ["--dbpath", data.FullName, "--port", $"{port}", "--bind_ip", "127.0.0.1", "--replSet", "tests", "--oplogSize", "64",
                "--wiredTigerCacheSizeGB", "0.25", .. NoSocketFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        RunningProcesses.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var direct = new MongoClient($"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=60000");
        var admin = direct.GetDatabase("admin");
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetInitiate", new BsonDocument
        {
            { "_id", "tests" }, { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", $"127.0.0.1:{port}" } } } },
        }));
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!(await admin.RunCommandAsync<BsonDocument>(
            new BsonDocument("hello", 1), cancellationToken: deadline.Token)).GetValue("isWritablePrimary", false).AsBoolean)
        {
            await Task.Delay(Pause, TimeProvider.System, deadline.Token);
        }

        return new RealMongo($"mongodb://127.0.0.1:{port}/?replicaSet=tests", process, data);
    }
}
