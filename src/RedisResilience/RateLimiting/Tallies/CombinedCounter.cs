using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Tallies;

/// <summary>A combined limit: a tally for each of its parts.</summary>
internal sealed class CombinedCounter : Counter
{
    private Counter[] _parts = [];

    public override int Available => _parts.Min(part => part.Available);

    public override long Reset => _parts.Max(part => part.Reset);

    public override bool IsOf(RateLimit limit) => limit is CombinedLimit;

    public override long Wait(int permits) => _parts.Max(part => part.Wait(permits));

    public override ScriptReply Answer(in PermitRequest request)
    {
        var reply = base.Answer(request);
        var lacking = reply.First < request.Most ? request.Unit : 0;
        return reply with { More = [.. _parts.SelectMany(part => new[] { part.Available, part.Wait(lacking), part.Reset })] };
    }

    public override void Take(int permits)
    {
        foreach (var part in _parts)
        {
            part.Take(permits);
        }
    }

    protected override void OnBegin()
    {
        var limits = ((CombinedLimit)Limit).Limits;
        Array.Resize(ref _parts, limits.Length);
        for (var place = 0; place < limits.Length; place++)
        {
            if (_parts[place]?.IsOf(limits[place]) != true)
            {
                _parts[place] = limits[place].NewTally();
            }

            _parts[place].Begin(limits[place], Now);
        }
    }
}
