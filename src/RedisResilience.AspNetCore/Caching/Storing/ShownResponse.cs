using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>The response as the client of the run sees it: with the fields that a hit will have, or as a 304 if the client has it already.
/// </summary>
internal sealed class ShownResponse(HttpContext context, CachedEndpoint endpoint, ResponseCapture capture, TimeProvider time)
{
    private int? _leftStatus;
    private int? _shownStatus;

    /// <summary>How the body is coded, if that is a coding that the cache knows.</summary>
    public ContentEncoding Coding { get; private set; }

    /// <summary>Whether the body is coded in another way.</summary>
    public bool IsCodedOtherwise { get; private set; }

    /// <summary>The status that the endpoint has set.</summary>
    public int Status => _leftStatus ?? context.Response.StatusCode;

    /// <summary>Whether middleware further out has set another status than the client was to see.</summary>
    public bool HasOtherStatus => _shownStatus is { } shown && shown != context.Response.StatusCode;

    /// <summary>The endpoint has returned: its body has the coding that it says now.</summary>
    public void ReadCoding()
    {
        Coding = StoredBody.CodingOf(context.Response.Headers.ContentEncoding);
        IsCodedOtherwise = Coding == ContentEncoding.Identity && context.Response.Headers.ContentEncoding.Count > 0;
    }

    /// <summary>The response is started by others.</summary>
    public void LeaveOpen()
    {
        _leftStatus = context.Response.StatusCode;
        if (capture.Body.Length > 0)
        {
            Show();
        }

        _shownStatus = context.Response.StatusCode;
    }

    /// <summary>Gives the response the fields that a hit will have, and makes it a 304 where the client has it already.</summary>
    public void Present(in SourceResponse source, in ResponseFreshness freshness)
    {
        ResponseFields.Write(context.Response, endpoint, source.TimeToLive!.Value, freshness.IsExplicit);
        if (_shownStatus is null || capture.Body.Length == 0)
        {
            Show();
        }
    }

    private void Show() => FirstRepresentation.Show(context, capture.Body, Coding, IsCodedOtherwise, time.GetUtcNow());
}
