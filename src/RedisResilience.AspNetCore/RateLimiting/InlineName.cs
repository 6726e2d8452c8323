using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// The name in the keys of a policy without a name: its endpoint, or the first endpoint of its group. So two such policies never share a
/// count.
/// </summary>
internal static class InlineName
{
    /// <summary>The same on every node that has the same endpoints.</summary>
    /// <param name="metadata">Says the policy.</param>
    /// <param name="endpoint">One endpoint that has it.</param>
    /// <param name="all">All endpoints of the application.</param>
    public static string Of(RateLimitMetadata metadata, Endpoint endpoint, IReadOnlyList<Endpoint> all)
    {
        var first = all.Where(other => Place(other, metadata) >= 0).MinBy(other => other.DisplayName, StringComparer.Ordinal) ?? endpoint;
        return $"inline-{PartitionKey.Hash($"{first.DisplayName} {Place(first, metadata)}")[..16]}";
    }

    private static int Place(Endpoint endpoint, RateLimitMetadata metadata) =>
        endpoint.Metadata.GetOrderedMetadata<RateLimitMetadata>().Where(item => item.Policy is not null).ToList().IndexOf(metadata);
}
