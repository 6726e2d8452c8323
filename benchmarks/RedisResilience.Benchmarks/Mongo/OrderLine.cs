namespace RedisResilience.Benchmarks.Mongo;

/// <summary>A part of <see cref="Order"/>.</summary>
public sealed class OrderLine
{
    public string Sku { get; set; } = "";

    public string Description { get; set; } = "";

    public int Quantity { get; set; }

    public double Price { get; set; }

    public bool IsGift { get; set; }
}
