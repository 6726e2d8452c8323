namespace RedisResilience.Tests.Architecture;

/// <summary>A file is one concept: a long one is two. A line is read without moving the page.</summary>
internal sealed class FileSizeTests
{
    private static readonly (string Path, int Lines)[] Files = SourcesIn("src")
        .Select(path => (path, File.ReadLines(path).Count()))
        .OrderBy(file => file.Item2)
        .ToArray();

    [Test]
    public void NoFile_HasMoreThan200Lines() => Assert.That(Files.Where(file => file.Lines > 200), Is.Empty);

    [Test]
    public void HalfOfTheFiles_HaveFewerThan60Lines() => Assert.That(Files[Files.Length / 2].Lines, Is.LessThan(60));

    [Test]
    public void NoLine_HasMoreThan140Columns([Values("src", "tests", "samples", "benchmarks")] string folder) =>
        Assert.That(
            from path in SourcesIn(folder)
            from line in File.ReadLines(path).Index()
            where line.Item.Length > 140
            select $"{Path.GetRelativePath(Repository.Root, path)}:{line.Index + 1}",
            Is.Empty);

    private static IEnumerable<string> SourcesIn(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));
}
