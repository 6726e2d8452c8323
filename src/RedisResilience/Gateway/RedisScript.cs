namespace RedisResilience.Gateway;

/// <summary>A Lua script that stands as a resource beside the class that uses it. Sent as written; the client keeps its hash.</summary>
internal sealed class RedisScript(string text)
{
    public string Text { get; } = text;

    /// <summary>Reads the scripts <paramref name="names"/><c>.lua</c> that stand beside <typeparamref name="TNeighbour"/>, one after the other, as one.</summary>
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
