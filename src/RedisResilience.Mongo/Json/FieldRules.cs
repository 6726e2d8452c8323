using System.Text;

namespace RedisResilience.Mongo.Json;

/// <summary>The rules of one level of a document, found by a name's bytes.</summary>
internal sealed class FieldRules
{
    // They are few.
    private readonly List<(byte[] Name, FieldRule Rule)> _rules = [];

    /// <returns>The rules. Null when there are none, and then no name is looked up.</returns>
    public static FieldRules? From(DocumentJsonOptions options, bool hidesId)
    {
        var renamed = options.Renamed.Select(rename => (Path: rename.Key.Split('.'), NewName: (string?)rename.Value));
        var hidden = options.Hidden.Concat(hidesId ? ["_id"] : []).Select(path => (Path: path.Split('.'), NewName: (string?)null));
        return Level([.. renamed, .. hidden], depth: 0);
    }

    public FieldRule? Find(ReadOnlySpan<byte> name)
    {
        foreach (var (ruled, rule) in _rules)
        {
            if (name.SequenceEqual(ruled))
            {
                return rule;
            }
        }

        return null;
    }

    private static FieldRules? Level((string[] Path, string? NewName)[] all, int depth)
    {
        if (all.Length == 0)
        {
            return null;
        }

        var level = new FieldRules();
        foreach (var field in all.GroupBy(one => one.Path[depth], StringComparer.Ordinal))
        {
            var ends = field.Where(one => one.Path.Length == depth + 1).ToArray();
            var newName = ends.Select(end => end.NewName).FirstOrDefault(name => name is not null);
            var inside = Level([.. field.Where(one => one.Path.Length > depth + 1)], depth + 1);
            var rule = new FieldRule(
                ends.Any(end => end.NewName is null), newName is null ? null : Encoding.UTF8.GetBytes(newName), inside);
            level._rules.Add((Encoding.UTF8.GetBytes(field.Key), rule));
        }

        return level;
    }
}
