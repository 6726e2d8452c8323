namespace RedisResilience.Gateway;

/// <summary>A Lua script that stands as a resource beside the class that uses it. Sent as written; the client keeps its hash.</summary>
internal sealed class RedisScript(string text)
{
    public string Text { get; } = text;

    /// <summary>Reads the script <paramref name="name"/><c>.lua</c> that stands beside <typeparamref name="TNeighbour"/>.</summary>
    public static RedisScript Load<TNeighbour>(string name)
    {
        using var stream = typeof(TNeighbour).Assembly.GetManifestResourceStream(typeof(TNeighbour), $"{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return new RedisScript(reader.ReadToEnd());
    }
}
