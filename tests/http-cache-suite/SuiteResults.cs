using System.Text.Json;

namespace RedisResilience.HttpCacheSuite;

/// <summary>What the suite says of a cache: each test by its id, with its kind and, unless it has passed, why not.</summary>
internal sealed class SuiteResults
{
    private readonly SortedDictionary<string, (string Kind, string? Failure)> _tests = new(StringComparer.Ordinal);

    public int Count(string kind) => _tests.Values.Count(test => test.Kind == kind);

    public int Passed(string kind) => _tests.Values.Count(test => test.Kind == kind && test.Failure is null);

    /// <summary>The tests that have not passed, with their kind and why.</summary>
    public IReadOnlyDictionary<string, string> Failures =>
        _tests.Where(test => test.Value.Failure is not null).ToDictionary(
            test => test.Key, test => $"{test.Value.Kind}: {test.Value.Failure}", StringComparer.Ordinal);

    /// <summary>How many have passed of each kind.</summary>
    public override string ToString() =>
        $"required {Passed("required")} of {Count("required")}, optimal {Passed("optimal")} of {Count("optimal")}, check "
            + $"{Passed("check")} of {Count("check")}";

    public static SuiteResults Read(JsonDocument kinds, JsonDocument results)
    {
        var all = new SuiteResults();
        foreach (var test in kinds.RootElement.EnumerateObject())
        {
            all._tests[test.Name] = (test.Value.GetString()!, results.RootElement.TryGetProperty(test.Name, out var result)
                ? Failure(result)
                : "it was not run");
        }

        return all;
    }

    private static string? Failure(JsonElement result) =>
        result.ValueKind == JsonValueKind.True ? null : $"{result[0].GetString()}: {result[1].GetString()}";
}
