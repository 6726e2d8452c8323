namespace RedisResilience.IntegrationTests.Servers;

/// <summary>The programs that the tests need besides .NET.</summary>
internal static class ProgramPath
{
    /// <summary>Where a program is; the test that asks is left out where it is not on PATH, and fails in CI.</summary>
    public static string Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists) ?? Missing($"{name} is not on PATH");
    }

    // A laptop may lack a program; the build machine may not, or green would mean nothing.
    public static string Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{what}, and in CI it must be there.");
        }

        Assert.Ignore($"{what}: the tests that need it are left out.");
        return "";
    }
}
