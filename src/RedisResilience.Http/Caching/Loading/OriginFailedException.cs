using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>The origin has failed, or its answer has broken off, and there is a stale response to serve instead.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It never leaves this package.")]
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "As above.")]
internal sealed class OriginFailedException(string why) : Exception(why);
