namespace RedisResilience.IntegrationTests.Packages;

/// <summary>The packages are made once for all tests of them.</summary>
[SetUpFixture]
public sealed class SharedPackages
{
    internal static PackedProjects Packed { get; } = new();

    [OneTimeSetUp]
    public Task Pack() => Packed.PackAsync();

    [OneTimeTearDown]
    public void Delete() => Packed.Dispose();
}
