using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Mongo.Quotas;

/// <summary>A calendar period in UTC.</summary>
[Experimental("RR0001")]
public enum QuotaPeriod
{
    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month,

    /// <summary>From the first of January to the next.</summary>
    Year,
}
