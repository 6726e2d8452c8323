using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests;

/// <summary>One mark that writes down when it was raised.</summary>
internal sealed class FakeMarks(List<string> journal) : IHighWaterMarks
{
    /// <summary>Null: Redis does not answer.</summary>
    public long? Mark { get; set; } = 0;

    public ValueTask<bool> RaiseAsync(string name, long mark, CancellationToken cancellationToken = default)
    {
        journal.Add($"mark {name} {mark}");
        Mark = mark;
        return new(true);
    }

    public ValueTask<long?> ReadAsync(string name, CancellationToken cancellationToken = default) => new(Mark);
}
