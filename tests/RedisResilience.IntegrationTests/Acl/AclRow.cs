namespace RedisResilience.IntegrationTests.Acl;

/// <summary>The rows of the page on ACLs that need rights of their own.</summary>
public enum AclRow
{
    /// <summary>One server, no local tier: the page's first two lines.</summary>
    Least,

    /// <summary>With the local tier.</summary>
    LocalTier,

    /// <summary>On a cluster.</summary>
    Cluster,
}
