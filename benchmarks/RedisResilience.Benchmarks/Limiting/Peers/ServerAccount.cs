using System.Globalization;
using RedisResilience.Benchmarks.Contenders;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary>What one call cost the server by <c>INFO commandstats</c>: its scripts, what these took, and all other commands, most of which
/// the scripts ran.</summary>
internal readonly record struct ServerAccount(double Scripts, double Microseconds, double Others)
{
    private static readonly string[] NotCounted = ["config|resetstat", "info", "ping", "client", "echo"];

    public static async Task<ServerAccount> OfAsync(IDatabase administrator, IContender contender, int calls)
    {
        await contender.CallAsync(calls);
        await administrator.ExecuteAsync("CONFIG", "RESETSTAT");
        await contender.CallAsync(calls);
        var lines = ((string)(await administrator.ExecuteAsync("INFO", "commandstats"))!).Split('\n')
            .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal));
        var account = default(ServerAccount);
        foreach (var line in lines)
        {
            // cmdstat_get:calls=20000,usec=31415,usec_per_call=1.57,rejected_calls=0,failed_calls=0
            var (name, fields) = (line["cmdstat_".Length..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Split(','));
            if (!NotCounted.Contains(name))
            {
                var (times, microseconds) = (Number(fields[0]) / calls, Number(fields[1]) / calls);
                account = name.StartsWith("eval", StringComparison.Ordinal)
                    ? account with { Scripts = account.Scripts + times, Microseconds = account.Microseconds + microseconds }
                    : account with { Others = account.Others + times };
            }
        }

        return account;
    }

    public override string ToString() => $"{Scripts:F1} / {Others:F1} | {Microseconds:F2}";

    private static double Number(string field) => double.Parse(field[(field.IndexOf('=') + 1)..], CultureInfo.InvariantCulture);
}
