using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching.Filling;

/// <summary>A buffer that the source has lent.</summary>
internal static class SourceBuffer
{
    /// <summary>Gives it back.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whoever is served, and whatever is to be "
        + "done next, has no part in what the application's owner throws.")]
    public static void Return(IDisposable? owner)
    {
        try
        {
            owner?.Dispose();
        }
        catch (Exception)
        {
            // The buffer is the owner's again, whatever has become of it.
        }
    }
}
