using System.Globalization;
using RedisResilience.Benchmarks.Contenders;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary>What one call cost the server by <c>INFO commandstats</c>: the commands that clients sent, what these took, and the commands that scripts ran.</summary>
internal readonly record struct ServerAccount(double Sent, double Microseconds, double InScripts)
{
    private static readonly string[] Ours = ["config|resetstat", "info", "ping", "client", "echo"];

    public static async Task<ServerAccount> OfAsync(IDatabase administrator, IContender contender, int calls)
    {
        await contender.CallAsync(calls);
        await administrator.ExecuteAsync("CONFIG", "RESETSTAT");
        await contender.CallAsync(calls);
        var lines = ((string)(await administrator.ExecuteAsync("INFO", "commandstats"))!).Split('\n').Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal));
        var account = default(ServerAccount);
        foreach (var line in lines)
        {
            // cmdstat_get:calls=20000,usec=31415,usec_per_call=1.57,rejected_calls=0,failed_calls=0
            var (name, fields) = (line["cmdstat_".Length..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Split(','));
            if (!Ours.Contains(name))
            {
                var (times, microseconds) = (Number(fields[0]) / calls, Number(fields[1]) / calls);
                account = name.StartsWith("eval", StringComparison.Ordinal)
                    ? account with { Sent = account.Sent + times, Microseconds = account.Microseconds + microseconds }
                    : account with { InScripts = account.InScripts + times };
            }
        }

        return account;
    }

    public override string ToString() => $"{Sent:F1} / {InScripts:F1} | {Microseconds:F2}";

    private static double Number(string field) => double.Parse(field[(field.IndexOf('=') + 1)..], CultureInfo.InvariantCulture);
}
