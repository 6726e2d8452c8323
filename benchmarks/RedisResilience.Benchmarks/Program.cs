using System.Globalization;
using RedisResilience.Benchmarks;
using RedisResilience.Benchmarks.Allocation;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Mongo;
using RedisResilience.Benchmarks.Server;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var what = args is [var only] ? only : "";
if (what is not ("compare" or "allocation" or "server" or "bson" or "all"))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/RedisResilience.Benchmarks -- compare|allocation|server|bson|all");
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

if (what is "allocation" or "all")
{
    AllocationCommand.Run();
}

return 0;
