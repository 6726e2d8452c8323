using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RedisResilience.Benchmarks.Allocation;

/// <summary><c>allocation</c>: bytes and time per call, by BenchmarkDotNet.</summary>
internal static class AllocationCommand
{
    public static void Run()
    {
        // In process: it builds nothing, and a server started in a set-up is stopped in its clean-up.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithMaxIterationCount(20).WithToolchain(new InProcessEmitToolchain(logOutput: false)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithOptions(ConfigOptions.DisableLogFile);
        foreach (
            var benchmarks in new[] { typeof(NoOpCalls), typeof(DownCalls), typeof(ShardDownCalls), typeof(ConnectedCalls),
            typeof(ListenedCalls) })
        {
            var summary = BenchmarkRunner.Run(benchmarks, config);
            Console.WriteLine($"## {benchmarks.Name}");
            MarkdownExporter.GitHub.ExportToLog(summary, ConsoleLogger.Default);
        }
    }
}
