namespace RedisResilience.Gateway.Invalidations;

/// <summary>Reads the reply of <c>CLIENT LIST</c>: a line a client, with <c>id=</c> and <c>name=</c> among its fields.</summary>
internal static class ClientList
{
    /// <summary>The id of the client of a name. Null when there is none, or more than one.</summary>
    public static string? FindId(string? clients, string name)
    {
        string? found = null;
        foreach (var line in (clients ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', StringSplitOptions.TrimEntries);
            if (Array.IndexOf(fields, $"name={name}") >= 0
                && Array.Find(fields, field => field.StartsWith("id=", StringComparison.Ordinal)) is { } id)
            {
                if (found is not null)
                {
                    return null;
                }

                found = id["id=".Length..];
            }
        }

        return found;
    }
}
