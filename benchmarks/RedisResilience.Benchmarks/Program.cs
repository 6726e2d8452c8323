using System.Globalization;
using RedisResilience.Benchmarks;
using RedisResilience.Benchmarks.Caching;
using RedisResilience.Benchmarks.Scale;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["scale-worker", var connectionString, var seconds, var keys])
{
    await ScaleWorker.RunAsync(
        connectionString, double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(keys, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [ColdWorker.Name, var endpoint])
{
    await ColdWorker.RunAsync(endpoint);
    return 0;
}

var chosen = args is [var name] ? Command.All.Where(command => name == "all" || name == command.Name).ToArray() : [];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project benchmarks/RedisResilience.Benchmarks -- "
        + $"{string.Join('|', Command.All.Select(command => command.Name))}|all");
    return 2;
}

if (chosen.Any(command => command.NeedsRedis) && !RedisServer.IsInstalled)
{
    Console.Error.WriteLine("These benchmarks need redis-server on PATH. Debian and Ubuntu: apt-get install redis-server.");
    return 1;
}

foreach (var command in chosen)
{
    await command.RunAsync();
}

return 0;
