using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>The template, installed from its package, makes an application that compiles and answers.</summary>
internal sealed class TemplateTests
{
    [Test]
    public async Task Api_IsMadeBuiltAndAnswers()
    {
        var packed = SharedPackages.Packed;
        using var folder = new TemporaryFolder();
        var hive = folder["hive"];
        await DotnetCommand.RunAsync(
            folder.Path, "new", "install", Path.Combine(packed.Folder, $"{PackedProjects.Templates}.{packed.Version}.nupkg"),
                "--debug:custom-hive", hive);
        await DotnetCommand.RunAsync(
            folder.Path, "new", "redisresilience-api", "--name", "Shop", "--output", folder["Shop"], "--debug:custom-hive", hive);
        await DotnetCommand.RunAsync(
            folder["Shop"], ["build", "--nologo", "--disable-build-servers", "-warnaserror", "-o", folder["out"],
                .. ConsumerApp.Sources(folder, packed)]);

        var address = $"http://127.0.0.1:{FreePort.Next()}";
        using var app = await RunningServers.StartAsync(
            new ProcessStartInfo("dotnet", [Path.Combine(folder["out"], "Shop.dll"), "--urls", address])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder["Shop"],
            },
            address);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            using var response = await client.GetAsync("/greetings/world");
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("world"));
            Assert.That(response.Headers.Contains("RateLimit-Policy"), Is.False, "without a Redis nobody counts");
            Assert.That(await client.GetStringAsync("/health"), Is.EqualTo("Healthy"));
            Assert.That(await client.GetStringAsync("/redis"), Does.Contain("<html"));
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync();
        }
    }
}
