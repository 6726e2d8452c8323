namespace RedisResilience.AspNetCore.Adapters;

/// <summary>Lets a synchronous caller wait for a call, and not for longer than the call itself may take.</summary>
/// <remarks>
/// A call ends by its deadline, but on a thread of the pool; when all of those wait like this one, nobody is left to end it. The wait therefore ends by itself.
/// </remarks>
internal static class BoundedWait
{
    /// <summary>The call's result, or <paramref name="otherwise"/> when it takes too long: it then goes on without anybody waiting.</summary>
    public static T For<T>(Task<T> call, TimeSpan bound, T otherwise) =>
        call.IsCompleted || Task.WaitAny([call], bound) == 0 ? call.GetAwaiter().GetResult() : otherwise;
}
