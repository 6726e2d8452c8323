namespace RedisResilience.Gateway;

/// <summary>The result of a call: Redis's answer, or the reason why there is none.</summary>
internal readonly struct Answer<T>
{
    public Answer(T value)
    {
        Value = value;
        Fault = Fault.None;
    }

    public Answer(Fault fault)
    {
        Value = default!;
        Fault = fault;
    }

    public bool IsAnswered => Fault == Fault.None;

    /// <summary>Meaningful only when answered.</summary>
    public T Value { get; }

    public Fault Fault { get; }
}
