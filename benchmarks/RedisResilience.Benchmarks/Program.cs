using System.Globalization;
using RedisResilience.Benchmarks;
using RedisResilience.Benchmarks.Allocation;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Mongo;
using RedisResilience.Benchmarks.Outages;
using RedisResilience.Benchmarks.Scale;
using RedisResilience.Benchmarks.Server;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["scale-worker", var connectionString, var seconds, var keys])
{
    await ScaleWorker.RunAsync(connectionString, double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(keys, CultureInfo.InvariantCulture));
    return 0;
}

var what = args is [var only] ? only : "";
if (what is not ("compare" or "allocation" or "server" or "bson" or "outages" or "scale" or "all"))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/RedisResilience.Benchmarks -- compare|allocation|server|bson|outages|scale|all");
    return 2;
}

if (what is "bson" or "all")
{
    BsonCommand.Run();
}

if (what == "bson")
{
    return 0;
}

if (!RedisServer.IsInstalled)
{
    Console.Error.WriteLine("These benchmarks need redis-server on PATH. Debian and Ubuntu: apt-get install redis-server.");
    return 1;
}

if (what is "compare" or "all")
{
    await CompareCommand.RunAsync();
}

if (what is "server" or "all")
{
    await ServerCommand.RunAsync();
}

if (what is "outages" or "all")
{
    await OutagesCommand.RunAsync();
}

if (what is "scale" or "all")
{
    await ScaleCommand.RunAsync();
}

if (what is "allocation" or "all")
{
    AllocationCommand.Run();
}

return 0;
