using RedisResilience.Http.Caching.Entries;
using RedisResilience.Http.Caching.Storing;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>A stored response that its origin has confirmed with a 304 (RFC 9111, section 4.3.4).</summary>
/// <param name="Response">The stored one with the fields of the 304.</param>
/// <param name="Refusal">Why it is not stored any longer; null when it is.</param>
internal sealed record Confirmation(StoredResponse Response, string? Refusal)
{
    /// <summary>Merges a 304 into what is stored.</summary>
    /// <param name="call">The request.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="response">The 304.</param>
    /// <param name="sentAt">When the origin was asked.</param>
    /// <param name="receivedAt">When it answered.</param>
    public static Confirmation Of(
        CacheCall call, StoredResponse stored, HttpResponseMessage response, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        var fields = Composition.Merge(stored.Fields, Composition.Keep(response, StoredFields.Names([]), receivedAt));
        var age = response.Lines("Age").ToArray();
        IEnumerable<string?> Lines(string name) =>
            name == "Age" ? age : fields.Where(line => line.Is(name)).Select(line => (string?)line.Value);
        var judged = Storing.Storing.Judge(call, stored.Status, Lines, sentAt, receivedAt);
        var vary = VaryField.Parse(Lines("Vary")).Names;
        return new Confirmation(
            stored with
            {
                Fields = fields,
                Policy = judged.Policy(call.Options.IsPrivate, receivedAt),
                VaryNames = vary,
                Selecting = call.Selecting(vary),
                StoredAt = receivedAt,
            },
            judged.Refusal);
    }
}
