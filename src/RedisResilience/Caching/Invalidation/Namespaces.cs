using System.Globalization;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Keys of a namespace are looked for under its version: <c>predictions:v1:AAPL</c> under <c>predictions:v2:AAPL</c> once that has been raised.</summary>
internal sealed class Namespaces(VersionCopies versions)
{
    /// <summary>Where the keys of their versions begin.</summary>
    public const string KeyPart = "cache:namespace:";

    /// <summary>The key as it stands in the store; null when the store does not say which version it is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="since">When the request began that asks. Null: it begins with this.</param>
    public ValueTask<string?> ResolveAsync(string key, long? since = null)
    {
        if (!NamespaceRules.TryFind(key, out var length, out var lowest))
        {
            return new ValueTask<string?>(key);
        }

        var version = versions.GetAsync(Name(key, length), since);
        return version.IsCompletedSuccessfully
            ? new ValueTask<string?>(Resolve(key, length, lowest, version.Result))
            : AwaitAsync(version, key, length, lowest);
    }

    /// <summary>The key as it stands in the store now: for a removal, which must not miss. Null when the store does not say.</summary>
    public ValueTask<string?> ResolveNowAsync(string key, long? since) =>
        NamespaceRules.TryFind(key, out var length, out var lowest)
            ? AwaitAsync(versions.AskAsync(Name(key, length), since), key, length, lowest)
            : new ValueTask<string?>(key);

    /// <summary>The key as it stands in the store as far as is known, without asking. Null when nothing is.</summary>
    public string? ResolveByLast(string key) =>
        NamespaceRules.TryFind(key, out var length, out var lowest) ? Resolve(key, length, lowest, versions.Last(Name(key, length))) : key;

    /// <summary>What is known of a namespace is not good any more.</summary>
    public void Forget(string name)
    {
        NamespaceRules.TryFind(name, out var length, out _);
        versions.Forget(Name(name, length).ToString());
    }

    /// <summary>The store's key of a namespace's version.</summary>
    public string VersionKey(string name, out int lowest)
    {
        NamespaceRules.TryFind(name, out var length, out lowest);
        return versions.KeyOf(Name(name, length).ToString());
    }

    private static async ValueTask<string?> AwaitAsync(ValueTask<long?> version, string key, int length, int lowest) =>
        Resolve(key, length, lowest, await version.ConfigureAwait(false));

    private static string? Resolve(string key, int length, int lowest, long? version) => version switch
    {
        null => null,
        { } raised when raised > lowest => string.Create(CultureInfo.InvariantCulture, $"{Name(key, length)}:v{raised}{key.AsSpan(length)}"),
        _ => key,
    };

    private static ReadOnlySpan<char> Name(string key, int length) => key.AsSpan(0, key.AsSpan(0, length).LastIndexOf(':'));
}
