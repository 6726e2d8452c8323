namespace RedisResilience.Gateway.Commands;

/// <summary>A command that carries a body, which stays in memory until Redis has it.</summary>
internal interface IWriteCommand
{
    /// <summary>In bytes.</summary>
    int BodySize { get; }
}
