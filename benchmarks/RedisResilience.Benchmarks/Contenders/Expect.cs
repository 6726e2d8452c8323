namespace RedisResilience.Benchmarks.Contenders;

/// <summary>A call that did not do its work must not be counted as a fast one.</summary>
internal static class Expect
{
    public static void That(bool isDone)
    {
        if (!isDone)
        {
            throw new InvalidOperationException("A measured call had another outcome than the one to be measured.");
        }
    }
}
