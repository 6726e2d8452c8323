namespace RedisResilience.Tests;

/// <summary>Runs something away from the test runner's synchronization context: what continues after a task's end has then run when this
/// returns.</summary>
internal static class Inline
{
    public static void Run(Action action) => Task.Run(action).Wait(Patience.Limit);
}
