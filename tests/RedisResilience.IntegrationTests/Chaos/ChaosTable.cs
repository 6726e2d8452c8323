using System.Collections.Concurrent;
using System.Reflection;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Writes the rows of a long run into <c>docs/internals/resilience.md</c>, between its two marks. Rows that were not run stay as
/// they are.</summary>
[SetUpFixture]
public sealed class ChaosTable
{
    private const string First = "<!-- table of the long run -->";
    private const string Last = "<!-- end of table -->";

    private static readonly ConcurrentDictionary<string, string> Rows = new();

    [OneTimeTearDown]
    public async Task Write()
    {
        if (!ChaosTimes.IsLong || Rows.IsEmpty)
        {
            return;
        }

        var root = typeof(ChaosTable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
        var page = Path.Combine(root, "docs", "internals", "resilience.md");
        var text = await File.ReadAllTextAsync(page);
        var before = text[..(text.IndexOf(First, StringComparison.Ordinal) + First.Length)];
        var after = text[text.IndexOf(Last, StringComparison.Ordinal)..];
        foreach (var known in text[before.Length..^after.Length].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
        {
            Rows.TryAdd(known.Split('|')[1].Trim(), known);
        }

        var rows = Enum.GetNames<ChaosFault>().SelectMany(
            fault => Rows.Where(row => row.Key.Split(' ')[0] == fault).OrderBy(row => row.Key).Select(row => row.Value));
        await File.WriteAllTextAsync(page, $"{before}\n\n{ChaosResult.Heading}\n{string.Join('\n', rows)}\n\n{after}");
    }

    internal static void Add(ChaosResult result) => Rows[result.Fault] = result.ToMarkdown();
}
