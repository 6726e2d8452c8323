using System.Globalization;
using System.Net;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>Makes the response to a request from a stored one: complete, fields only, a part, or a 304.</summary>
internal static class ServedResponse
{
    // The fields that a 304 repeats (RFC 9110, section 15.4.5), in addition to Age and Cache-Status.
    private static readonly HashSet<string> OfNotModified = new(
        StringComparer.OrdinalIgnoreCase) { "Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Last-Modified" };

    /// <summary>Makes the response. It takes over the found response and disposes it.</summary>
    public static HttpResponseMessage Of(FoundResponse found, CacheCall call, string cacheStatus)
    {
        var stored = found.Response!;
        var response = Preconditions.AreHeld(stored, call) ? NotModified(stored)
            : Preconditions.Range(stored, call) is { } range ? Part(found, stored, range)
            : Whole(found, stored, call.IsHead);
        if (response.Content is not StoredContent)
        {
            found.Dispose();
        }

        response.RequestMessage = call.Request;
        response.Headers.TryAddWithoutValidation("Age", AgeField.Format(found.Age).ToString(CultureInfo.InvariantCulture));
        CacheStatus.Add(response, cacheStatus);
        return response;
    }

    private static HttpResponseMessage Whole(FoundResponse found, StoredResponse stored, bool isHead)
    {
        var response = new HttpResponseMessage((HttpStatusCode)stored.Status) { ReasonPhrase = stored.ReasonPhrase };
        response.Content = isHead ? new ByteArrayContent([]) : new StoredContent(stored.Body, found);
        Copy(stored, response, static _ => true);
        if (isHead || stored.Body.Length > 0)
        {
            response.Content.Headers.ContentLength = stored.Body.Length;
        }

        return response;
    }

    private static HttpResponseMessage NotModified(StoredResponse stored)
    {
        var response = new HttpResponseMessage(HttpStatusCode.NotModified) { Content = new ByteArrayContent([]) };
        Copy(stored, response, OfNotModified.Contains);
        return response;
    }

    private static HttpResponseMessage Part(FoundResponse found, StoredResponse stored, ByteRange range)
    {
        if (!range.TryResolve(stored.Body.Length, out var offset, out var count))
        {
            var none = new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable) { Content = new ByteArrayContent([]) };
            none.Content.Headers.TryAddWithoutValidation("Content-Range", ContentRange.Unsatisfied(stored.Body.Length));
            return none;
        }

        var response = new HttpResponseMessage(HttpStatusCode.PartialContent)
        {
            Content = new StoredContent(stored.Body.Slice((int)offset, (int)count), found),
        };
        Copy(stored, response, static name => !name.Equals("Content-Range", StringComparison.OrdinalIgnoreCase));
        response.Content.Headers.TryAddWithoutValidation(
            "Content-Range", new ContentRange(offset, offset + count - 1, stored.Body.Length).ToString());
        response.Content.Headers.ContentLength = count;
        return response;
    }

    private static void Copy(StoredResponse stored, HttpResponseMessage response, Func<string, bool> isWanted)
    {
        foreach (var (name, value) in stored.Fields)
        {
            if (isWanted(name) && !response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
