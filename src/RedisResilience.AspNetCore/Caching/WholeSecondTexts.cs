namespace RedisResilience.AspNetCore.Caching;

/// <summary>Texts with a number of seconds in them, made once for each of the first hour's.</summary>
internal sealed class WholeSecondTexts(Func<long, string> make)
{
    private readonly string?[] _texts = new string?[3601];

    public string this[TimeSpan time]
    {
        get
        {
            var seconds = Math.Max(0, time.Ticks / TimeSpan.TicksPerSecond);
            return seconds < _texts.Length ? _texts[seconds] ??= make(seconds) : make(seconds);
        }
    }
}
