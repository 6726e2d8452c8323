using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Dashboard.Serving;

/// <summary>The message to a page each second.</summary>
internal sealed record NextMessage(Live Live, Second Second);
