using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>
/// The integers that a script takes. Constants are one argument. The call itself has four integers, one, or none. After four, there may be
/// one more argument with further integers, whose number the script knows.
/// </summary>
internal readonly record struct ScriptArguments
{
    /// <summary>The usual call, which adds no integer and asks for one permit.</summary>
    public ScriptArguments(ScriptConstants constants)
    {
        (Constants, First, Count) = (constants, 1, 0);
    }

    public ScriptArguments(ScriptConstants constants, long first)
    {
        (Constants, First, Count) = (constants, first, 1);
    }

    public ScriptArguments(ScriptConstants constants, long first, long second, long third, long fourth)
    {
        (Constants, First, Second, Third, Fourth, Count) = (constants, first, second, third, fourth, 4);
    }

    public ScriptArguments(ScriptConstants constants, long first, long second, long third, long fourth, ScriptConstants more)
        : this(constants, first, second, third, fourth)
    {
        (More, Count) = (more, 5);
    }

    public ScriptConstants Constants { get; }

    /// <summary>How many integers this call adds: 0, 1, 4 or 5. The script uses defaults for the others.</summary>
    public int Count { get; }

    public long First { get; }

    public long Second { get; }

    public long Third { get; }

    public long Fourth { get; }

    public ScriptConstants More { get; }

    /// <summary>The caller. It is not sent to the script.</summary>
    public ScriptCaller Caller { get; init; }

    public RedisValue[] ToValues() => Count switch
    {
        0 => Constants.Alone,
        1 => [Constants.Packed, First],
        4 => [Constants.Packed, First, Second, Third, Fourth],
        _ => [Constants.Packed, First, Second, Third, Fourth, More.Packed],
    };
}
