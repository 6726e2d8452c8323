using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Adds the RateLimit fields to a response, whichever code writes the response.</summary>
internal sealed class RateLimitAnnouncement(HttpResponse response, RateLimitCheck check)
{
    /// <summary>Adds the fields when the response starts, because an exception handler clears earlier header fields.</summary>
    public static void Register(HttpResponse response, RateLimitCheck check) =>
        response.OnStarting(static state => ((RateLimitAnnouncement)state).WriteAsync(), new RateLimitAnnouncement(response, check));

    private Task WriteAsync()
    {
        string? policies = null;
        string? states = null;
        QuotaState? scarcest = null;
        foreach (var acquisition in check.Acquisitions)
        {
            for (var index = 0; index < acquisition.Description.Fields.Count; index++)
            {
                if (acquisition.IsCounted)
                {
                    policies = Append(policies, acquisition.Description.Fields[index].Policy, acquisition.Partition);
                }

                // A denied client is told only of what denies it: Retry-After must not be earlier than any t.
                if (acquisition.IsDenied == check.IsDenied && acquisition.StateAt(index) is { } state)
                {
                    states = Append(states, state.Fields.State(state.Remaining, state.Seconds), acquisition.Partition);
                    scarcest = scarcest is { } other && other.Remaining <= state.Remaining ? other : state;
                }
            }
        }

        var (told, left) = check.Responses.SendsFields ? (policies, states) : (null, null);
        Write(told, left, check.Responses.SendsXFields ? scarcest : null);
        return Task.CompletedTask;
    }

    private void Write(string? policies, string? states, QuotaState? old)
    {
        Write(RateLimitFields.PolicyField, policies);
        Write(RateLimitFields.StateField, states);
        if (old is { } state)
        {
            Write(RateLimitFields.XLimitField, state.Fields.Permits.ToString(CultureInfo.InvariantCulture));
            Write(RateLimitFields.XRemainingField, state.Remaining.ToString(CultureInfo.InvariantCulture));
            Write(RateLimitFields.XResetField, state.Seconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Write(string field, string? value)
    {
        if (value is not null)
        {
            response.Headers[field] = value;
        }
    }

    private static string Append(string? line, string item, string partition) =>
        line is null ? item + partition : $"{line}, {item}{partition}";
}
