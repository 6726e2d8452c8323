using System.Diagnostics;
using System.Net;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample as a process: what it says first, what it starts, and what it leaves behind.</summary>
internal sealed class ProcessTests
{
    private readonly HttpClient _client = new();

    [OneTimeTearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public async Task FirstLines_SayWhereItIsThenWhatItRunsOnThenWhatToTry()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        string[] lines = [.. sample.Lines.Where(line => line.Length > 0)];

        Assert.That(lines[0], Does.Match(@"^Listening on http://127\.0\.0\.1:[0-9]+$"));
        Assert.That(lines[1], Does.Contain("browser").And.Contain($"{sample.Address}redis"));
        Assert.That(lines[2], Does.Match(@"^Redis:  embedded Garnet at 127\.0\.0\.1:[0-9]+, process [0-9]+$"));
        Assert.That(lines[3], Does.Match("^Source: embedded"));

        using var miss = await GetAsync(sample, "predictions/AAPL");
        Assert.That(miss.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task PrintedCommands_DoWhatTheySayInTheOrderInWhichTheyStand()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("The commands are for a shell of Unix.");
        }

        await using var sample = await PredictionsProcess.Start(null, PredictionsApp.Patient).StartedAsync();
        var commands = sample.Lines.SkipWhile(line => !line.StartsWith("Or try", StringComparison.Ordinal))
            .Where(line => line.StartsWith("     ", StringComparison.Ordinal) && !line.StartsWith("     Expect", StringComparison.Ordinal))
                .ToArray();
        Assert.That(commands, Has.Length.EqualTo(4));
        var killed = sample.EmbeddedRedis.Id;

        var missAndHit = await ShellAsync(commands[0]);
        var dead = await ShellAsync(commands[1]);
        var restarted = await ShellAsync(commands[2]);
        var limited = await ShellAsync(commands[3]);

        Assert.That(missAndHit, Does.Match("(?s)200 OK.*fwd=.*miss.*200 OK.*; hit"));
        Assert.That(dead, Does.Match("(?s)200 OK.*detail=unavailable"));
        Assert.That(restarted, Does.Match("(?s)\"running\",\"process\":[0-9]+.*fwd=.*miss.*; hit").And.Not.Contain($"{killed}"));
        Assert.That(limited, Does.Match("^ *[0-9]+ 200\n *[0-9]+ 429\n$"));
    }

    [Test]
    public async Task EmbeddedRedis_MakesHitsAndItsDeathIsNotNoticed()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await UntilAsync(sample, "predictions/AAPL", (response, _) =>
            response.Field("Cache-Status")?.Contains("; hit", StringComparison.Ordinal) == true);

        sample.EmbeddedRedis.Kill();

        await UntilAsync(sample, "health", (_, body) => body.Contains("Degraded", StringComparison.Ordinal));
        using var response = await GetAsync(sample, "predictions/AAPL");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=unavailable"));
    }

    [TestCase("SIGTERM")]
    [TestCase("SIGINT")]
    public async Task Signal_EndsTheSampleAndItsRedis(string signal)
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        var redis = sample.EmbeddedRedis;
        RunningServers.Add(redis);

        if (signal == "SIGINT")
        {
            ProcessSignal.Interrupt(sample.Process);
        }
        else
        {
            ProcessSignal.Terminate(sample.Process);
        }

        Assert.That(await sample.ExitedAsync(), Is.Zero);
        await redis.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task ManyDeedsAtOnce_AreDoneOneAfterTheOther()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        string[] deeds = ["restart", "kill", "kill", "freeze", "restart", "freeze", "kill", "restart"];

        var done = await Task.WhenAll(deeds.Select(deed => _client.PostAsync(new Uri(sample.Address, $"server/{deed}"), null)));

        Assert.That(done.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        using var dead = await _client.PostAsync(new Uri(sample.Address, "server/kill"), null);
        Assert.That(await dead.Content.ReadAsStringAsync(), Does.Contain("stopped"), "it has ended when that is said");
        Array.ForEach(done, response => response.Dispose());
    }

    [Test]
    public async Task EndWhileRedisIsStartedAgain_IsInOrder()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        var restarting = _client.PostAsync(new Uri(sample.Address, "server/restart"), null);
        await sample.EmbeddedRedis.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));

        ProcessSignal.Terminate(sample.Process);

        Assert.That(await sample.ExitedAsync(), Is.Zero);
        await restarting.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task Urls_AreRespected()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        await using var sample = await PredictionsProcess.Start(null, ("REDIS_URL", ""), ("ASPNETCORE_URLS", url)).StartedAsync();

        Assert.That(sample.Address, Is.EqualTo(new Uri(url)));
        using var response = await GetAsync(sample, "health");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("--no-redis", "127.0.0.1:1")]
    [TestCase(null, "")]
    public async Task SwitchedOff_IsSaidInTheFirstLinesAndOnceInTheLog(string? argument, string redisUrl)
    {
        await using var sample = await PredictionsProcess.Start(argument, ("REDIS_URL", redisUrl)).StartedAsync();
        using var response = await GetAsync(sample, "predictions/AAPL");
        ProcessSignal.Terminate(sample.Process);
        await sample.ExitedAsync();

        Assert.That(sample.Lines, Has.One.EqualTo("Redis:  none: rate limit and cache are off"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Field("RateLimit") ?? response.Field("Cache-Status"), Is.Null);
        Assert.That(sample.Lines.Where(line => line.Contains("No Redis is configured", StringComparison.Ordinal)).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task AddressWithAPassword_IsShownWithoutIt()
    {
        var port = FreePort.Next();
        await using var sample = await PredictionsProcess.Start(
            null, ("REDIS_URL", $"redis://default:hunter2@127.0.0.1:{port}")).StartedAsync();
        using var response = await GetAsync(sample, "predictions/AAPL");
        ProcessSignal.Terminate(sample.Process);
        await sample.ExitedAsync();

        Assert.That(sample.Lines, Has.One.EqualTo($"Redis:  the one of REDIS_URL, 127.0.0.1:{port}"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(sample.Output, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task MalformedAddress_EndsTheSampleAndIsNamedWithoutThePassword()
    {
        await using var sample = PredictionsProcess.Start(null, ("REDIS_URL", "redis://default:hunter2@127.0.0.1:notaport"));

        Assert.That(await sample.ExitedAsync(), Is.Not.Zero);
        Assert.That(sample.Output, Does.Contain("ArgumentException").And.Contain("port").And.Not.Contain("hunter2"));
    }

    private static async Task<string> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        RunningServers.Add(shell);
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private Task<HttpResponseMessage> GetAsync(PredictionsProcess sample, string path) => _client.GetAsync(new Uri(sample.Address, path));

    // The limit is 100 requests: a breath between two of them is enough for what is waited for.
    private async Task UntilAsync(PredictionsProcess sample, string path, Func<HttpResponseMessage, string, bool> isSeen)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var response = await GetAsync(sample, path);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            if (isSeen(response, await response.Content.ReadAsStringAsync()))
            {
                return;
            }

            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(30)));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
