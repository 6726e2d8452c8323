using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RedisResilience.Http.Caching.Entries;

/// <summary>
/// The bytes of a stored response: a version, the length of everything before the body, numbers, texts (length and UTF-8), and the body.
/// Bytes of any other form are not read as a response.
/// </summary>
internal static class ResponseFormat
{
    /// <summary>The largest number of bytes before the body. A response with longer fields is not stored.</summary>
    public const int LongestHead = 128 * 1024;

    private const byte Version = 1;
    private const int PrefixLength = 5;

    /// <summary>Returns the bytes. Null if the fields are too long.</summary>
    public static byte[]? Write(StoredResponse response)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        output.Advance(PrefixLength);
        Write(output, response.Status);
        Write(output, (long)response.Policy.Lifetime.TotalMilliseconds);
        Write(output, (long)response.Policy.AgeWhenStored.TotalMilliseconds);
        Write(output, response.Policy.StaleWhileRevalidate is { } revalidate ? (long)revalidate.TotalMilliseconds : -1);
        Write(output, response.Policy.StaleIfError is { } error ? (long)error.TotalMilliseconds : -1);
        Write(output, (response.Policy.NoCache ? 1 : 0) | (
            response.Policy.ForbidsStale ? 2 : 0) | (response.Policy.IsImmutable ? 4 : 0));
        Write(output, response.StoredAt.ToUnixTimeMilliseconds());
        Write(output, (long)response.Lineage);
        Write(output, (long)(ulong)response.Selecting);
        Write(output, (long)(ulong)(response.Selecting >> 64));
        Write(output, response.ReasonPhrase ?? "");
        Write(output, response.VaryNames.Count);
        foreach (var name in response.VaryNames)
        {
            Write(output, name);
        }

        Write(output, response.Fields.Count);
        foreach (var (name, value) in response.Fields)
        {
            Write(output, name);
            Write(output, value);
        }

        if (output.WrittenCount > LongestHead)
        {
            return null;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(output.WrittenCount + response.Body.Length);
        output.WrittenSpan.CopyTo(bytes);
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), output.WrittenCount);
        response.Body.Span.CopyTo(bytes.AsSpan(output.WrittenCount));
        return bytes;
    }

    /// <summary>Returns the response. Null if this version cannot have written the bytes.</summary>
    public static StoredResponse? Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ResponseReader(bytes.Span);
        if (!reader.TryReadPrefix(Version, out var headLength))
        {
            return null;
        }

        var status = (int)reader.Number();
        var (lifetime, age, revalidate, error, flags) = (
            reader.Number(), reader.Number(), reader.Number(), reader.Number(), reader.Number());
        var (storedAt, lineage, low, high) = (reader.Number(), reader.Number(), reader.Number(), reader.Number());
        var reason = reader.Text();
        var vary = reader.Texts();
        var fields = reader.Fields();
        if (!reader.EndsAt(headLength)
            || status is < 200 or > 999
            || lifetime < 0
            || age < 0
            || !ResponseReader.IsTime(lifetime)
            || !ResponseReader.IsTime(age)
            || !ResponseReader.IsTime(revalidate) || !ResponseReader.IsTime(error) || !ResponseReader.IsDate(storedAt))
        {
            return null;
        }

        return new StoredResponse
        {
            Status = status,
            ReasonPhrase = reason.Length == 0 ? null : reason,
            Policy = new ReusePolicy(
                TimeSpan.FromMilliseconds(lifetime), TimeSpan.FromMilliseconds(age), (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0)
            {
                StaleWhileRevalidate = revalidate < 0 ? null : TimeSpan.FromMilliseconds(revalidate),
                StaleIfError = error < 0 ? null : TimeSpan.FromMilliseconds(error),
            },
            StoredAt = DateTimeOffset.FromUnixTimeMilliseconds(storedAt),
            Lineage = (ulong)lineage,
            Selecting = new UInt128((ulong)high, (ulong)low),
            VaryNames = vary,
            Fields = fields,
            Body = bytes[headLength..],
        };
    }

    private static void Write(ArrayBufferWriter<byte> output, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), number);
        output.Advance(sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> output, string text)
    {
        Write(output, Encoding.UTF8.GetByteCount(text));
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}
