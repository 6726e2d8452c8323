using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Dashboard.Serving;

/// <summary>The first message to a page.</summary>
internal sealed record FirstMessage(About About, Live Live, Second[] Seconds, PolicyRow[] Policies, EndpointRow[] Endpoints);
