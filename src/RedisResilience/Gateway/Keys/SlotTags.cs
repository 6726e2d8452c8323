using System.Globalization;

namespace RedisResilience.Gateway.Keys;

/// <summary>A short hash tag for every slot, found once by trying numbers.</summary>
internal static class SlotTags
{
    private static readonly Lazy<string[]> Tags = new(Find);

    public static string For(int slot) => Tags.Value[slot];

    private static string[] Find()
    {
        var tags = new string[HashSlot.Count];
        var missing = tags.Length;
        for (var number = 0; missing > 0; number++)
        {
            var tag = number.ToString(CultureInfo.InvariantCulture);
            var slot = HashSlot.Of(tag);
            if (tags[slot] is null)
            {
                tags[slot] = tag;
                missing--;
            }
        }

        return tags;
    }
}
