using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RedisResilience.AspNetCore;

/// <summary>
/// Removes what is stored of endpoints, without anybody building keys by hand. A singleton of the application's services.
/// </summary>
public interface IResponseCacheInvalidator
{
    /// <summary>Removes the responses of an endpoint for some route values.</summary>
    /// <param name="endpoint">The endpoint's name (<c>WithName</c>).</param>
    /// <param name="values">
    /// The route values, and those of the query that make a difference: <c>new() { ["symbol"] = "AAPL" }</c>. Null: there are none.
    /// </param>
    /// <param name="host">
    /// The host of the addresses that are removed. Needed where the key has it, as all keys have that the builder makes itself.
    /// </param>
    /// <param name="pathBase">The path that the application stands under there.</param>
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
