using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// Tells the cache that the endpoint has answered with an error. It never leaves this package. The client gets the response.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Nobody else makes one.")]
internal sealed class EndpointFailedException(int statusCode) : Exception($"The endpoint has answered with the status {statusCode}.");
