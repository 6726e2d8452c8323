namespace RedisResilience.IntegrationTests.Packages;

/// <summary>A folder outside of the repository, so that none of its settings are inherited; gone when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("redis-resilience-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
