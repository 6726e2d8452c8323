namespace RedisResilience.RateLimiting.Local.Fallback;

/// <summary>The position of this process among the processes that are alive.</summary>
/// <param name="Nodes">The number of processes, including this one.</param>
/// <param name="Rank">This one's place among them, from 0.</param>
internal sealed record NodeShare(int Nodes, int Rank)
{
    public static NodeShare Alone { get; } = new(1, 0);

    /// <summary>
    /// This node's part of a number. The parts of all nodes together are the number: what cannot be divided goes to the first ones.
    /// </summary>
    public int ShareOf(int number) => (number / Nodes) + (Rank < number % Nodes ? 1 : 0);
}
