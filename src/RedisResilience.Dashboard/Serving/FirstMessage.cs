using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Dashboard.Serving;

/// <summary>What a page is told when it begins to look.</summary>
internal sealed record FirstMessage(About About, Live Live, Second[] Seconds, PolicyRow[] Policies, EndpointRow[] Endpoints);
