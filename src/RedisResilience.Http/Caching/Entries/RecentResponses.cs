namespace RedisResilience.Http.Caching.Entries;

/// <summary>
/// Responses that were read a moment ago, without their bodies. Most hits read the same response again, and decoding its fields takes
/// longer than the rest of a hit. The result always equals what the bytes say.
/// </summary>
internal sealed class RecentResponses
{
    private const int Places = 256;
    private const int LongestHead = 4096;

    private readonly Entry?[] _places = new Entry?[Places];

    /// <inheritdoc cref="ResponseFormat.Read"/>
    public StoredResponse? Read(string key, ReadOnlyMemory<byte> bytes)
    {
        ref var place = ref _places[(uint)key.GetHashCode(StringComparison.Ordinal) % Places];
        if (Volatile.Read(ref place) is { } known && bytes.Span.StartsWith(known.Head))
        {
            return known.Response with { Body = bytes[known.Head.Length..] };
        }

        var response = ResponseFormat.Read(bytes);
        if (response is not null && bytes.Length - response.Body.Length is <= LongestHead and var length)
        {
            Volatile.Write(ref place, new Entry(bytes[..length].ToArray(), response with { Body = default }));
        }

        return response;
    }

    private sealed record Entry(byte[] Head, StoredResponse Response);
}
