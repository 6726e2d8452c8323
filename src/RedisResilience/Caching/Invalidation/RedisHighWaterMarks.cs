using System.Buffers.Text;
using System.Globalization;
using System.Text;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Marks in Redis, one key for each source.</summary>
internal sealed class RedisHighWaterMarks(IRedisGateway gateway) : IHighWaterMarks
{
    private static readonly RedisScript RaiseScript = new(
        RedisScript.Load<RedisEntryStore>("Own").Text + RedisScript.Load<RedisHighWaterMarks>("RaiseMark").Text);

    // More than any mark has.
    private const int ReadLength = 32;

    // No replica that answers at all is behind for as long.
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public async ValueTask<bool> RaiseAsync(string name, long mark, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mark, 1);
        var key = KeyOf(name);
        var arguments = new ContentArguments(mark, (long)Life.TotalMilliseconds, 0);
        var raised = await gateway.EvaluateAsync(RaiseScript, key, key, arguments, cancellationToken).ConfigureAwait(false);
        return raised.IsAnswered
            || (raised.Fault is Fault.UnknownCommand or Fault.NotPermitted
                && await SetAsync(key, mark, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<long?> ReadAsync(string name, CancellationToken cancellationToken = default)
    {
        var found = await gateway.GetAsync(default, KeyOf(name), ReadLength, cancellationToken).ConfigureAwait(false);
        using (found.Value.Owner)
        {
            return !found.IsAnswered ? null : Utf8Parser.TryParse(found.Value.Bytes.Span, out long mark, out _) ? mark : 0;
        }
    }

    // Without scripts nothing is filled by right either, and a mark has nobody to hold.
    private async ValueTask<bool> SetAsync(string key, long mark, CancellationToken cancellationToken)
    {
        var text = Encoding.ASCII.GetBytes(mark.ToString(CultureInfo.InvariantCulture));
        return (await gateway.SetAsync(default, key, text, Life, cancellationToken).ConfigureAwait(false)).IsAnswered;
    }

    private string KeyOf(string name)
    {
        KeyRules.Validate(name);
        return $"{gateway.KeyPrefix}{OwnKeys.Word}mark:{name}";
    }
}
