using RedisResilience.IntegrationTests.Packages;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>The lines to paste of the page on ACLs.</summary>
internal static class AclPage
{
    /// <summary>The user and the prefix of the keys, as the page has them.</summary>
    public const string User = "app1";

    public const string Password = "password";

    /// <summary>The arguments of <c>ACL</c>, for a user and a prefix of this name.</summary>
    public static IEnumerable<string[]> Commands(AclRow row, string name)
    {
        var lines = File.ReadAllLines(Path.Combine(PackedProjects.Metadata("RepositoryRoot"), "docs", "acl.md"))
            .Where(line => line.StartsWith("ACL SETUSER", StringComparison.Ordinal)).ToArray();
        Assert.That(lines, Has.Length.GreaterThan(3));
        var pasted = lines.Where(line => RowOf(line) is var of && (of == AclRow.Least || of == row));
        return pasted.Select(line => line.Replace(User, name, StringComparison.Ordinal).Split(' ').Skip(1).ToArray());
    }

    private static AclRow RowOf(string line) => line.Contains("client|tracking", StringComparison.Ordinal) ? AclRow.LocalTier
        : line.Contains("cluster|nodes", StringComparison.Ordinal) ? AclRow.Cluster
        : AclRow.Least;
}
