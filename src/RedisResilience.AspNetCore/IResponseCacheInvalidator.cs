using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RedisResilience.AspNetCore;

/// <summary> Removes the stored responses of endpoints, so that you need not build their keys yourself. A singleton service. </summary>
public interface IResponseCacheInvalidator
{
    /// <summary>Removes the responses of an endpoint for some route values.</summary>
    /// <param name="endpoint">The endpoint's name (<c>WithName</c>).</param>
    /// <param name="values">
    /// The route values, and the query values that are part of the key: <c>new() { ["symbol"] = "AAPL" }</c>. Null when there are none.
    /// </param>
    /// <param name="host">
    /// The host of the addresses whose responses are removed. Needed when the host is part of the key, as in every key that the builder
    /// makes itself.
    /// </param>
    /// <param name="pathBase">The path base of the application at that host.</param>
    /// <param name="cancellationToken">Ends the wait. The responses may be removed all the same.</param>
    /// <returns>Whether it is certain that they are gone; see <see cref="RedisResilience.Caching.IResponseCache.RemoveAsync"/>.</returns>
    /// <exception cref="ArgumentException">
    /// There is no such endpoint, its responses are not cached, a value is missing that its key has, or its key is made by a function,
    /// which needs a request.
    /// </exception>
    ValueTask<bool> RemoveAsync(
        string endpoint, RouteValueDictionary? values =
            null, HostString host = default, PathString pathBase = default, CancellationToken cancellationToken = default);
}
