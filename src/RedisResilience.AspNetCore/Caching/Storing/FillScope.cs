using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// Changes a request while its endpoint runs for other requests, too. The body is held back, the endpoint goes on when the client leaves,
/// the conditions are those of the cache, and the method is GET.
/// </summary>
internal sealed class FillScope : IHttpRequestLifetimeFeature, IDisposable
{
    private static readonly string[] Conditions =
        [HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfMatch, HeaderNames.IfUnmodifiedSince, HeaderNames.IfRange];

    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpRequestLifetimeFeature? _lifetime;
    private readonly string _method;
    private readonly StringValues[] _conditions;
    private readonly CancellationTokenSource _aborted;
    private readonly Lock _lock = new();
    private CancellationTokenRegistration _client;
    private bool _isOver;

    /// <param name="context">The request.</param>
    /// <param name="capture">Takes the body.</param>
    /// <param name="older">A stored response that the endpoint may confirm.</param>
    /// <param name="nobodyWaits">Cancelled when neither this client nor another waits for the response any more.</param>
    public FillScope(HttpContext context, ResponseCapture capture, Revalidation? older, CancellationToken nobodyWaits)
    {
        _context = context;
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _lifetime = context.Features.Get<IHttpRequestLifetimeFeature>();
        _aborted = CancellationTokenSource.CreateLinkedTokenSource(nobodyWaits);
        RequestAborted = _aborted.Token;
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        context.Features.Set<IHttpRequestLifetimeFeature>(this);

        // The others want the body, which a HEAD is not given.
        _method = context.Request.Method;
        context.Request.Method = HttpMethods.Get;
        var headers = context.Request.Headers;
        _conditions = Array.ConvertAll(Conditions, name => headers[name]);
        foreach (var name in Conditions)
        {
            headers.Remove(name);
        }

        if (older?.EntityTag is { } tag)
        {
            headers.IfNoneMatch = tag;
        }

        if (older?.LastModified is { } modified)
        {
            headers.IfModifiedSince = modified;
        }
    }

    public CancellationToken RequestAborted { get; set; }

    /// <summary>The response is this client's alone from now on: it ends when the client leaves.</summary>
    public void FollowClient()
    {
        lock (_lock)
        {
            if (!_isOver && _lifetime is not null && _client == default)
            {
                _client = _lifetime.RequestAborted.UnsafeRegister(
                    static aborted => _ = ((CancellationTokenSource)aborted!).CancelAsync(), _aborted);
            }
        }
    }

    /// <summary>The endpoint breaks its response off: what there is of it is nobody's.</summary>
    public void Abort()
    {
        RequestAborted = new CancellationToken(canceled: true);
        _lifetime?.Abort();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        _client.Dispose();
        _aborted.Dispose();
        _context.Features.Set(_body);
        _context.Features.Set(_lifetime);
        _context.Request.Method = _method;
        for (var index = 0; index < Conditions.Length; index++)
        {
            _context.Request.Headers[Conditions[index]] = _conditions[index];
        }
    }
}
