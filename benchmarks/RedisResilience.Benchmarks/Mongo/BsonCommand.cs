using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary><c>bson</c>: from a document to JSON, time and bytes, by BenchmarkDotNet.</summary>
internal static class BsonCommand
{
    public static void Run()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithWarmupCount(5).WithIterationCount(10).WithToolchain(new InProcessEmitToolchain(logOutput: false)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithOptions(ConfigOptions.DisableLogFile);
        Console.WriteLine($"## A document of {Order.Bson.Length} bytes of BSON");
        MarkdownExporter.GitHub.ExportToLog(BenchmarkRunner.Run<DocumentToJson>(config), ConsoleLogger.Default);
    }
}
