namespace RedisResilience.Tests.Architecture;

/// <summary>A file is one concept: a long one is two.</summary>
internal sealed class FileSizeTests
{
    private static readonly (string Path, int Lines)[] Files = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
        .Select(path => (path, File.ReadLines(path).Count()))
        .OrderBy(file => file.Item2)
        .ToArray();

    [Test]
    public void NoFile_HasMoreThan200Lines() => Assert.That(Files.Where(file => file.Lines > 200), Is.Empty);

    [Test]
    public void HalfOfTheFiles_HaveFewerThan60Lines() => Assert.That(Files[Files.Length / 2].Lines, Is.LessThan(60));
}
