using System.Net;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Access;

/// <summary>
/// Distinguishes requests that a program on this machine sent itself from requests that a proxy on this machine passed on.
/// </summary>
internal static class LocalRequests
{
    // Set by proxies, and left behind by the middleware that has believed them.
    private static readonly string[] TracesOfProxies =
    [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server",
        "X-Forwarded-Prefix", "X-Forwarded",
        "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-URL", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP",
        "X-ProxyUser-Ip",
        "True-Client-IP", "CF-Connecting-IP", "CF-Ray", "Fastly-Client-IP", "X-Azure-ClientIP", "X-Azure-FDID", "X-Envoy-External-Address",
        "X-Amzn-Trace-Id", "Ali-CDN-Real-IP",
    ];

    public static bool IsLocal(HttpRequest request) =>
        IsLoopback(request.HttpContext.Connection.RemoteIpAddress)
        && IsLoopbackName(request.Host.Host)
        // What speaks this is a proxy with the settings it came with: no browser has for twenty years.
        && !HttpProtocol.IsHttp10(request.Protocol)
        && !Array.Exists(TracesOfProxies, request.Headers.ContainsKey)
        && IsFromLocalPage(request.Headers.Origin)
        && IsFromLocalPage(IsNavigation(request) ? default : request.Headers.Referer);

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>
    /// Whether a host name is a loopback name. If any name were accepted, a foreign server could point its own name to this machine, and
    /// its pages would have the same origin (DNS rebinding).
    /// </summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IsLoopback(address));

    private static bool IsFromLocalPage(Microsoft.Extensions.Primitives.StringValues page) =>
        page.Count == 0
            || (page.Count == 1 && Uri.TryCreate(page[0], UriKind.Absolute, out var uri) && IsLoopbackName(uri.Host.Trim('[', ']')));

    // A link from somewhere else to this page is fine: that shows it to who clicked, and not to where he came from.
    private static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] == "navigate";
}
