using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>The scripts of combined limits: one for each combination of kinds, which contains only the code of those kinds.</summary>
internal static class CombinedScript
{
    private static readonly ConcurrentDictionary<string, RedisScript> Scripts = new();
    private static readonly string Text = RedisScript.Load<CombinedCounter>(nameof(CombinedLimit)).Text;

    public static RedisScript Of(IEnumerable<CombinedPart> parts)
    {
        CombinedPart[] kinds = [.. parts.DistinctBy(part => part.Kind).OrderBy(part => part.Kind)];
        return Scripts.GetOrAdd(string.Join(' ', kinds.Select(part => part.Kind)), static (_, kinds) => Compose(kinds), kinds);
    }

    private static RedisScript Compose(CombinedPart[] kinds) => new(
        string.Concat(kinds.Select(part => part.Script.Functions))
        + Text.Replace("-- READ", Branches(kinds, script => script.Read), StringComparison.Ordinal)
            .Replace("-- TAKE", Branches(kinds, script => script.Take), StringComparison.Ordinal));

    private static string Branches(CombinedPart[] kinds, Func<PartScript, string> linesOf) =>
        string.Join("  else", kinds.Select(part => $"if kind == {part.Kind} then\n{linesOf(part.Script)}")) + "  end";
}
