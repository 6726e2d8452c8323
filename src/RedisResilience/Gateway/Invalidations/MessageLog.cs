using System.Collections.Concurrent;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>The number of the last message of each sender, to notice a lost message.</summary>
internal sealed class MessageLog
{
    // Processes come and go; one that is forgotten begins anew, which costs nothing.
    private const int MaximumSenders = 1024;

    private readonly ConcurrentDictionary<ulong, ulong> _heard = new();

    /// <summary>Notes a message. False when one before it is missing.</summary>
    public bool Follows(InvalidationMessage message)
    {
        if (_heard.Count >= MaximumSenders)
        {
            _heard.Clear();
        }

        var isKnown = _heard.TryGetValue(message.Sender, out var last);
        _heard[message.Sender] = message.Number;
        return !isKnown || message.Number == last + 1;
    }

    public void Clear() => _heard.Clear();
}
