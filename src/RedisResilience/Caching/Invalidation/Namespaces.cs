using System.Globalization;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Caching.Invalidation;

/// <summary>
/// Says under which key of Redis an entry is. After a namespace has been given up, its keys carry a mark: the entry of
/// <c>predictions:v1:AAPL</c> is under <c>predictions:v1@67a…:AAPL</c>, a key that no application can name. The whole cache can be given up
/// in the same way.
/// </summary>
internal sealed class Namespaces(VersionCopies versions)
{
    /// <summary>Where the keys of their versions begin.</summary>
    public const string KeyPart = OwnKeys.Word + "namespace:";

    /// <summary>The name for the whole cache. No namespace has this name, because a namespace ends with its version.</summary>
    public const string All = "all";

    /// <summary>The key in the store. Null when the store did not answer.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">When the request began that asks. Null: it begins with this.</param>
    public ValueTask<string?> ResolveAsync(string key, long? since = null)
    {
        var ofAll = versions.GetAsync(All, since);
        var ofSpace = NamespaceRules.TryFind(key, out var length, out _)
            ? versions.GetAsync(key.AsSpan(0, length), since)
            : new ValueTask<long?>(0);
        return ofAll.IsCompletedSuccessfully && ofSpace.IsCompletedSuccessfully
            ? new ValueTask<string?>(Resolve(key, length, Later(ofAll.Result, ofSpace.Result)))
            : AwaitAsync(key, length, ofAll, ofSpace);
    }

    /// <summary>The key in the store now, for a removal, which must use the right key. Null when the store did not answer.</summary>
    public ValueTask<string?> ResolveNowAsync(string key, long? since)
    {
        var ofAll = versions.AskAsync(All, since);
        var ofSpace = NamespaceRules.TryFind(key, out var length, out _)
            ? versions.AskAsync(key.AsSpan(0, length), since)
            : new ValueTask<long?>(0);
        return AwaitAsync(key, length, ofAll, ofSpace);
    }

    /// <summary>The key in the store, as far as this process knows it without asking.</summary>
    public string ResolveByLast(string key)
    {
        var ofSpace = NamespaceRules.TryFind(key, out var length, out _) ? versions.Last(key.AsSpan(0, length)) : 0;
        return Resolve(key, length, Later(versions.Last(All), ofSpace))!;
    }

    /// <summary>Whether a key, of the store or of the application, is in a namespace.</summary>
    public static bool Holds(string name, ReadOnlySpan<char> key)
    {
        var behind = OwnKeys.Entry.Length + key[Math.Min(OwnKeys.Entry.Length, key.Length)..].IndexOf(':') + 1;
        return name == All || Begins(name, key) || (key.StartsWith(OwnKeys.Entry) && Begins(name, key[behind..]));
    }

    private static bool Begins(string name, ReadOnlySpan<char> key) =>
        key.StartsWith(name) && (key.Length == name.Length || key[name.Length] is ':' or OwnKeys.Mark);

    private static async ValueTask<string?> AwaitAsync(string key, int length, ValueTask<long?> ofAll, ValueTask<long?> ofSpace)
    {
        var all = await ofAll.ConfigureAwait(false);
        return Resolve(key, length, Later(all, await ofSpace.ConfigureAwait(false)));
    }

    private static long? Later(long? one, long? other) => one is null || other is null ? null : Math.Max(one.Value, other.Value);

    private static string? Resolve(string key, int length, long? mark) => mark switch
    {
        null => null,
        > 0 when length == 0 || OwnKeys.Claim(key) =>
            string.Create(CultureInfo.InvariantCulture, $"{OwnKeys.Entry}{OwnKeys.Mark}{mark:x}:{key}"),
        > 0 => string.Create(CultureInfo.InvariantCulture, $"{key.AsSpan(0, length)}{OwnKeys.Mark}{mark:x}{key.AsSpan(length)}"),
        _ => OwnKeys.Claim(key) ? $"{OwnKeys.Entry}:{key}" : key,
    };
}
