using System.Text.Json;

namespace RedisResilience.HttpCacheSuite;

/// <summary>A file of the tests of the suite that are known not to pass, each with the reason: any other outcome, for better or worse, is a
/// failure.</summary>
internal static class SuiteExpectation
{
    public static void Check(SuiteResults results, string file)
    {
        var expected = JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))!;
        var failures = results.Failures;
        var worse = failures.Where(
            test => !expected.ContainsKey(test.Key)).Select(test => $"{test.Key} does not pass any more: {test.Value}");
        var better = expected.Keys.Where(
            id => !failures.ContainsKey(id)).Select(id => $"{id} passes now: take it out of {Path.GetFileName(file)}");

        Assert.That(string.Join('\n', worse.Concat(better)), Is.Empty, results.ToString());
        Assert.That(expected.Values.Where(string.IsNullOrWhiteSpace), Is.Empty, "each has its reason");
    }
}
