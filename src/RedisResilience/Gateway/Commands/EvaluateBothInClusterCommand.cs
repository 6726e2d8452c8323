using System.Globalization;
using StackExchange.Redis;

namespace RedisResilience.Gateway.Commands;

/// <summary>As <see cref="EvaluateBothCommand"/>, and follows the keys to another server.</summary>
internal readonly struct EvaluateBothInClusterCommand(RedisScript script, RedisKey key, RedisKey sideKey, ContentArguments arguments)
    : IRedisCommand<RedisResult, ContentReply>, IWriteCommand
{
    public RedisKey Key => key;

    public int BodySize => arguments.Content.Length;

    public Task<RedisResult> SendAsync(IDatabase database) => database.ScriptEvaluateAsync(
        script.Text, [key, sideKey], [arguments.First, arguments.Second, arguments.Third, arguments.Content]);

    public static bool TryRead(RedisResult reply, out ContentReply value)
    {
        value = default;
        if (reply.Resp2Type != ResultType.Array || reply.Length != 4)
        {
            return false;
        }

        Span<long> numbers = stackalloc long[4];
        for (var place = 0; place < numbers.Length; place++)
        {
            if (!long.TryParse(reply[place].ToString(), CultureInfo.InvariantCulture, out numbers[place]))
            {
                return false;
            }
        }

        value = new ContentReply(numbers[0], numbers[1], numbers[2], numbers[3]);
        return true;
    }
}
