using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Dashboard.Serving;

/// <summary>What a page is told each second.</summary>
internal sealed record NextMessage(Live Live, Second Second);
