using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What a request looks like while its endpoint answers for others too: its body is held back, its client's leaving ends nothing, its conditions are not the others', and it is a GET.</summary>
internal sealed class FillScope : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpRequestLifetimeFeature? _lifetime;
    private readonly string _method;
    private readonly StringValues _ifNoneMatch;
    private readonly StringValues _ifModifiedSince;
    private bool _isOver;

    /// <param name="context">The request.</param>
    /// <param name="capture">Takes the body.</param>
    /// <param name="nobodyWaits">Cancelled when neither this client nor another waits for the response any more.</param>
    public FillScope(HttpContext context, ResponseCapture capture, CancellationToken nobodyWaits)
    {
        _context = context;
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _lifetime = context.Features.Get<IHttpRequestLifetimeFeature>();
        RequestAborted = nobodyWaits;
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        context.Features.Set<IHttpRequestLifetimeFeature>(this);

        // The others want the body, which a HEAD is not given.
        _method = context.Request.Method;
        context.Request.Method = HttpMethods.Get;
        var headers = context.Request.Headers;
        _ifNoneMatch = headers.IfNoneMatch;
        _ifModifiedSince = headers.IfModifiedSince;
        headers.IfNoneMatch = default;
        headers.IfModifiedSince = default;
    }

    public CancellationToken RequestAborted { get; set; }

    public void Abort() => _lifetime?.Abort();

    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _context.Features.Set(_body);
        _context.Features.Set(_lifetime);
        _context.Request.Method = _method;
        _context.Request.Headers.IfNoneMatch = _ifNoneMatch;
        _context.Request.Headers.IfModifiedSince = _ifModifiedSince;
    }
}
