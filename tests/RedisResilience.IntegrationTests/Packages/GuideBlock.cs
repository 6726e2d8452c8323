namespace RedisResilience.IntegrationTests.Packages;

/// <summary>What stands between two fences of a page.</summary>
internal sealed record GuideBlock(string Language, string[] Lines)
{
    public string Text => string.Join('\n', Lines);

    public static IEnumerable<GuideBlock> Read(params string[] page)
    {
        string? language = null;
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine([PackedProjects.Metadata("RepositoryRoot"), .. page])))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                lines.Add(line);
                continue;
            }

            if (language is { Length: > 0 })
            {
                yield return new GuideBlock(language, [.. lines]);
            }

            language = language is null ? line[3..] : null;
            lines.Clear();
        }
    }
}
