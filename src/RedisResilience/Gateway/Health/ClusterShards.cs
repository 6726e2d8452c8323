using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Keys;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Health;

/// <summary> The shards of a cluster by their slots. When one shard hangs, only the calls for its keys go on without Redis. </summary>
internal sealed class ClusterShards(IRedisConnection connection, Func<IList<SlotRange>, ShardHealth> create) : IDisposable
{
    private const ushort Nobody = ushort.MaxValue;

    private Map _map = new([], []);
    private string _layout = "";

    /// <summary>How many are out of use.</summary>
    public int Away => Volatile.Read(ref _map).Shards.Count(static shard => !shard.IsInUse);

    /// <summary>The shard of a key. Null where there are no shards, or it is not known.</summary>
    public ShardHealth? Of(RedisKey key)
    {
        var (shards, shardOfSlot) = Volatile.Read(ref _map);
        return shards.Length > 0 && connection.SlotOf(key) is >= 0 and var slot && shardOfSlot[slot] is var shard && shard < shards.Length
            ? shards[shard]
            : null;
    }

    /// <summary>Reads the current shards. A known shard keeps its state. Only the probe calls it, one call at a time.</summary>
    public void Refresh()
    {
        var known = connection.Shards;
        var layout = string.Join(';', known.Select(slots => string.Join(',', slots)));
        if (layout == _layout)
        {
            return;
        }

        _layout = layout;
        var (before, shardOfSlot) = _map;
        var left = before.ToHashSet();
        var shards = new ShardHealth[known.Count];
        for (var index = 0; index < shards.Length; index++)
        {
            var owner = before.Length > 0 ? shardOfSlot[known[index][0].From] : Nobody;
            shards[index] = owner < before.Length && left.Remove(before[owner]) ? before[owner] : create(known[index]);
        }

        Volatile.Write(ref _map, new Map(shards, Spread(known)));
        foreach (var gone in left)
        {
            gone.Dispose();
        }
    }

    public void Dispose() => Array.ForEach(_map.Shards, shard => shard.Dispose());

    private static ushort[] Spread(IReadOnlyList<IList<SlotRange>> shards)
    {
        var shardOfSlot = new ushort[HashSlot.Count];
        Array.Fill(shardOfSlot, Nobody);
        for (var index = 0; index < shards.Count; index++)
        {
            foreach (var range in shards[index])
            {
                Array.Fill(shardOfSlot, (ushort)index, range.From, range.To - range.From + 1);
            }
        }

        return shardOfSlot;
    }

    // Both at once: who reads while the shards change sees the ones or the others.
    private sealed record Map(ShardHealth[] Shards, ushort[] ShardOfSlot);
}
