using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>
/// A Lua script that is an embedded resource beside the class that uses it. It is sent by its hash, and as text to a server that does not
/// have it.
/// </summary>
[SuppressMessage(
    "Security", "CA5350:Do not use weak cryptographic algorithms",
    Justification = "Redis names its scripts so. Nothing is kept safe by it.")]
internal sealed class RedisScript(string text)
{
    public string Text { get; } = text;

    /// <summary>The SHA-1 of the text, by which a server knows the script.</summary>
    public byte[] Digest { get; } = SHA1.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>The same as text, in lower case.</summary>
    public RedisValue Hash { get; } = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text))));

    /// <summary>
    /// Reads the scripts <paramref name="names"/><c>.lua</c> beside <typeparamref name="TNeighbour"/>, and joins them in this order.
    /// </summary>
    public static RedisScript Load<TNeighbour>(params ReadOnlySpan<string> names)
    {
        var parts = new string[names.Length];
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = Read<TNeighbour>(names[part]);
        }

        return new RedisScript(string.Join('\n', parts));
    }

    private static string Read<TNeighbour>(string name)
    {
        using var stream = typeof(TNeighbour).Assembly.GetManifestResourceStream(typeof(TNeighbour), $"{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
