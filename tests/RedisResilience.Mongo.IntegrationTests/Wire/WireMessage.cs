using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>A message of MongoDB's wire protocol: OP_MSG, and the OP_QUERY with which drivers say hello.</summary>
/// <param name="RequestId">Answers name it.</param>
/// <param name="Command">The command, its document sequences as arrays.</param>
/// <param name="IsOld">Whether it came as OP_QUERY.</param>
/// <param name="WantsNoReply">Whether the sender does not wait for a reply.</param>
internal sealed record WireMessage(int RequestId, BsonDocument Command, bool IsOld, bool WantsNoReply)
{
    private const int HeaderSize = 16;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMessage = 2013;
    private const int LargestMessage = 48_000_000;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;

    /// <returns>The next message; null at the end of the stream.</returns>
    public static async Task<WireMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        if (await stream.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellationToken) < HeaderSize)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < HeaderSize or > LargestMessage)
        {
            throw new InvalidDataException("A message has an impossible length.");
        }

        var body = new byte[length - HeaderSize];
        await stream.ReadExactlyAsync(body, cancellationToken);
        var requestId = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        return BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) switch
        {
            OpMessage => ReadMessage(requestId, body),
            OpQuery => ReadQuery(requestId, body),
            var code => throw new InvalidDataException($"Operation {code} is not supported."),
        };
    }

    public byte[] Reply(BsonDocument reply)
    {
        var document = reply.ToBson();
        using var message = new MemoryStream();
        using var writer = new BinaryWriter(message);
        writer.Write(HeaderSize + (IsOld ? 20 : 5) + document.Length);
        writer.Write(0);
        writer.Write(RequestId);
        writer.Write(IsOld ? OpReply : OpMessage);
        if (IsOld)
        {
            // Flags, a cursor's id, where it begins, how many documents.
            writer.Write(8);
            writer.Write(0L);
            writer.Write(0);
            writer.Write(1);
        }
        else
        {
            // Flags, and the kind of the only section.
            writer.Write(0);
            writer.Write((byte)0);
        }

        writer.Write(document);
        return message.ToArray();
    }

    private static WireMessage ReadMessage(int requestId, byte[] body)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body);
        var end = body.Length - ((flags & ChecksumPresent) != 0 ? sizeof(uint) : 0);
        var command = new BsonDocument();
        for (var at = sizeof(uint); at < end;)
        {
            var kind = body[at++];
            var size = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            if (kind == 0)
            {
                command.Merge(Document(body, at, size));
            }
            else
            {
                ReadSequence(command, body, at + sizeof(int), at + size);
            }

            at += size;
        }

        return new WireMessage(requestId, command, IsOld: false, (flags & MoreToCome) != 0);
    }

    private static void ReadSequence(BsonDocument command, byte[] body, int at, int end)
    {
        var name = ReadName(body, ref at);
        var documents = new BsonArray();
        while (at < end)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            documents.Add(Document(body, at, size));
            at += size;
        }

        command.Add(name, documents);
    }

    private static WireMessage ReadQuery(int requestId, byte[] body)
    {
        var at = sizeof(int);
        _ = ReadName(body, ref at);
        at += 2 * sizeof(int);
        return new WireMessage(
            requestId, Document(body, at, BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at))), IsOld: true, WantsNoReply: false);
    }

    private static string ReadName(byte[] body, ref int at)
    {
        var length = body.AsSpan(at).IndexOf((byte)0);
        var name = Encoding.UTF8.GetString(body, at, length);
        at += length + 1;
        return name;
    }

    private static BsonDocument Document(byte[] body, int at, int size) =>
        BsonSerializer.Deserialize<BsonDocument>(body.AsSpan(at, size).ToArray());
}
