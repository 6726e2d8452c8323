using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>A combined limit: a counter for each of its parts.</summary>
internal sealed class CombinedCounter : Counter<CombinedLimit>
{
    private Counter[] _parts = [];

    public override int Available => _parts.Min(part => part.Available);

    public override long Reset => _parts.Max(part => part.Reset);

    public override bool IsRepaired => _parts.Any(part => part.IsRepaired);

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

    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        for (var place = 0; place < _parts.Length; place++)
        {
            _parts[place].GiveBack(permits, until.Slice(place, 1));
        }
    }

    protected override void OnBegin()
    {
        var limits = Limit.Parts;
        Array.Resize(ref _parts, limits.Length);
        for (var place = 0; place < limits.Length; place++)
        {
            if (_parts[place]?.IsOf(limits[place]) != true)
            {
                _parts[place] = limits[place].NewCounter();
            }

            _parts[place].Begin(limits[place], Now);
        }
    }
}
