using System.Diagnostics;
using System.Runtime.InteropServices;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>A program with the core and the packages for HTTP is compiled to native code without a warning, and does what it did
/// before.</summary>
internal sealed class AotTests
{
    [Test]
    public async Task Program_IsCompiledWithoutAWarning_AndRuns()
    {
        // Minutes of a processor's time: for the long run.
        if (Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") != "1")
        {
            Assert.Ignore("REDISRESILIENCE_LONG=1 compiles a program to native code.");
        }

        var linker = ProgramPath.Find("gcc");
        using var folder = new TemporaryFolder();
        var project = Path.Combine(PackedProjects.Metadata("RepositoryRoot"), "tests", "RedisResilience.AotProgram");
        await DotnetCommand.RunAsync(
            project,
            "publish", "--nologo", "--disable-build-servers", "-warnaserror", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
            "-o", folder["out"], "--artifacts-path", folder["artifacts"], "-p:RunAnalyzers=false",
            $"-p:CppCompilerAndLinker={linker}");
        var program = Path.Combine(folder["out"], "RedisResilience.AotProgram");
        TestContext.Out.WriteLine($"{new FileInfo(program).Length / 1024.0 / 1024:F1} MB");

        await using var redis = await TestServer.StartAsync(ServerKind.Redis);
        Assert.That(
            await SaidAsync(program, redis.ConnectionString),
            Is.EqualTo("""
                limiter: True, 2 left, by Redis
                cache: made
                endpoint: {"symbol":"AAPL","price":104}, hit
                health: Healthy
                client: hit

                """.ReplaceLineEndings("\n")));
    }

    private static async Task<string> SaidAsync(string program, string redis)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [redis]) { RedirectStandardOutput = true })!;
        RunningServers.Add(process);
        return await process.StandardOutput.ReadToEndAsync();
    }
}
