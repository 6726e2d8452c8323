namespace RedisResilience.IntegrationTests.Servers;

/// <summary>What a <see cref="FaultyNetwork"/> does to the bytes between a client and its server.</summary>
public enum NetworkFault
{
    /// <summary>Carries them.</summary>
    None,

    /// <summary>Neither accepts nor refuses connections, and holds what is under way on those that there are.</summary>
    BlackHole,

    /// <summary>Accepts connections and swallows what they send.</summary>
    NeverAnswers,

    /// <summary>The connections there were lead nowhere any more and do not say so; new ones work.</summary>
    HalfOpen,

    /// <summary>Cuts each connection in the middle of a reply, after some have come through.</summary>
    CutMidReply,

    /// <summary>Puts bytes into the replies that mean nothing.</summary>
    Garbage,

    /// <summary>100 ms from a command to its reply.</summary>
    Latency100,

    /// <summary>1 s from a command to its reply.</summary>
    Latency1000,

    /// <summary>Each byte of a reply in a packet of its own.</summary>
    OneByteAtATime,
}
