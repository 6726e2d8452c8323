namespace RedisResilience.Http.Tests.HttpSemantics;

/// <summary>RFC 9111, section 4.2, once more and by hand: in whole seconds since an epoch, with no type of the library.</summary>
internal static class FreshnessOracle
{
    /// <summary>Whether a response is fresh.</summary>
    /// <param name="response">When it was sent for, when it came, and what it says; -1: it does not say.</param>
    /// <param name="isShared">Whether the cache is.</param>
    /// <param name="now">What time it is.</param>
    public static bool IsFresh(Response response, bool isShared, long now)
    {
        long date = response.Date >= 0 ? response.Date : response.ReceivedAt;
        long lifetime = 0;
        if (isShared && response.SharedMaxAge >= 0)
        {
            lifetime = response.SharedMaxAge;
        }
        else if (response.MaxAge >= 0)
        {
            lifetime = response.MaxAge;
        }
        else if (response.Expires >= 0)
        {
            lifetime = response.Expires - date;
        }

        long apparentAge = Math.Max(0, response.ReceivedAt - date);
        long responseDelay = response.ReceivedAt - response.SentAt;
        long correctedAgeValue = Math.Max(0, response.Age) + responseDelay;
        long correctedInitialAge = Math.Max(apparentAge, correctedAgeValue);
        long residentTime = now - response.ReceivedAt;
        long currentAge = correctedInitialAge + residentTime;
        return lifetime > currentAge;
    }

    internal readonly record struct Response(
        long SentAt, long ReceivedAt, long Date, long Age, long Expires, long MaxAge, long SharedMaxAge);
}
