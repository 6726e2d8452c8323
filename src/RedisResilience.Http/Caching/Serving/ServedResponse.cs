using System.Globalization;
using System.Net;
using RedisResilience.Http.Caching.Entries;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Serving;

/// <summary>Makes a response of a stored one: the whole, its fields, a part, or the word that the client has it already.</summary>
internal static class ServedResponse
{
    // What a 304 has to repeat (RFC 9110, section 15.4.5), besides the age and what this cache has to say.
    private static readonly HashSet<string> OfNotModified = new(
        StringComparer.OrdinalIgnoreCase) { "Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Last-Modified" };

    /// <summary>The response to a request; it disposes what was found.</summary>
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
