namespace RedisResilience.Tests;

/// <summary>Waits for what happens in the background without any time of its own: at once, or never.</summary>
internal static class Eventually
{
    public static Task BecomesTrueAsync(Func<bool> condition) => BecomesTrueAsync(() => Task.FromResult(condition()));

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(Patience.Limit), "it has not come true");
            await Task.Yield();
        }
    }
}
