using System.Buffers.Binary;
using System.Text;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>The message of a process that has changed an entry to the other processes.</summary>
/// <remarks>
/// Version (1 byte), sender (8), number (8, little-endian: counts this sender's messages, so that a missing one shows), key in UTF-8
/// without the application's prefix.
/// </remarks>
internal readonly record struct InvalidationMessage(ulong Sender, ulong Number, string Key)
{
    private const byte Version = 1;
    private const int SenderAt = 1;
    private const int NumberAt = 9;
    private const int KeyAt = 17;

    public byte[] Write()
    {
        var message = new byte[KeyAt + Encoding.UTF8.GetByteCount(Key)];
        message[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(SenderAt), Sender);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(NumberAt), Number);
        Encoding.UTF8.GetBytes(Key, message.AsSpan(KeyAt));
        return message;
    }

    /// <summary>False when the bytes are not a message of this version. The receiver then does not know what has changed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out InvalidationMessage read)
    {
        read = default;
        if (message.Length <= KeyAt || message[0] != Version)
        {
            return false;
        }

        read = new InvalidationMessage(
            BinaryPrimitives.ReadUInt64LittleEndian(message[SenderAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(message[NumberAt..]),
            Encoding.UTF8.GetString(message[KeyAt..]));
        return true;
    }
}
