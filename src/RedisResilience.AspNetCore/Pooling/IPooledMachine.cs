namespace RedisResilience.AspNetCore.Pooling;

/// <summary>A machine, as the method sees it that it belongs to.</summary>
internal interface IPooledMachine
{
    /// <summary>To be called when the method has ended.</summary>
    void Return();
}
