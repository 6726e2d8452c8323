using System.Text;

namespace RedisResilience.Gateway.Keys;

/// <summary>The slot of a Redis Cluster that a text without a hash tag belongs to: CRC16 (XMODEM) modulo 16384, as the cluster
/// specification has it.</summary>
internal static class HashSlot
{
    public const int Count = 16384;
    private const ushort Polynomial = 0x1021;

    public static int Of(string text)
    {
        ushort remainder = 0;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            remainder ^= (ushort)(octet << 8);
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (ushort)((remainder & 0x8000) != 0 ? (remainder << 1) ^ Polynomial : remainder << 1);
            }
        }

        return remainder % Count;
    }
}
