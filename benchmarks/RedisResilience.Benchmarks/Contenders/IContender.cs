namespace RedisResilience.Benchmarks.Contenders;

/// <summary>A way to make one call, as a user's code would make it.</summary>
internal interface IContender
{
    /// <summary>Makes calls one after the other. The loop stands here so that no wrapper is measured with the call.</summary>
    Task CallAsync(int times);
}
