using MongoDB.Bson;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>A document of about 4 KB as applications have them.</summary>
public sealed class Order
{
    public string Id { get; set; } = "";

    public string Customer { get; set; } = "";

    public DateTime PlacedAt { get; set; }

    public long Number { get; set; }

    public Dictionary<string, string> Address { get; set; } = [];

    public List<OrderLine> Lines { get; set; } = [];

    public static Order Sample { get; } = new()
    {
        Id = "order-000001",
        Customer = "Zoë Müller",
        PlacedAt = new DateTime(2026, 1, 31, 12, 30, 15, DateTimeKind.Utc),
        Number = 9_007_199_254,
        Address = new() { ["street"] = "1 Long Street", ["city"] = "Springfield", ["zip"] = "12345", ["country"] = "US" },
        Lines = [.. Enumerable.Range(0, 34).Select(line => new OrderLine
        {
            Sku = $"sku-{line:D6}", Description =
            $"The line number {line} of this order", Quantity = line, Price = 1.25 * line, IsGift = line % 2 == 0,
        })],
    };

    public static byte[] Bson { get; } = Sample.ToBson();
}
