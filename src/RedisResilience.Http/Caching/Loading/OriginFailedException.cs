using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>The other side cannot answer, or not to the end: there is a stale response to serve instead.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It never leaves this package.")]
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "As above.")]
internal sealed class OriginFailedException(string why) : Exception(why);
