using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>A combined limit: a counter for each of its parts.</summary>
internal sealed class CombinedCounter : Counter<CombinedLimit>
{
    // What was taken last; and the parts of this call, which are the same as far as they are of the same kinds.
    private Counter[] _taken = [];
    private Counter[] _parts = [];

    public override int Available => _parts.Min(part => part.Available);

    public override long Reset => _parts.Max(part => part.Reset);

    public override bool IsRepaired => KeepsAll && _parts.Any(part => part.IsRepaired);

    public override long Wait(int permits) => _parts.Max(part => part.Wait(permits));

    public override ScriptReply Answer(in PermitRequest request)
    {
        var reply = base.Answer(request);
        var lacking = reply.First < request.Most ? request.Unit : 0;
        return reply with
        {
            More = [.. _parts.SelectMany(part => new[] { part.Available, lacking == 0 ? 0 : part.Wait(lacking), part.Reset })],
        };
    }

    // Whatever another combination has taken is not given back by this one.
    private bool KeepsAll => _taken.Length <= _parts.Length && _parts.AsSpan(0, _taken.Length).SequenceEqual(_taken);

    public override void Take(int permits)
    {
        if (permits > 0 || KeepsAll)
        {
            Array.ForEach(_parts, part => part.Take(permits));
            _taken = _parts;
        }
    }

    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        for (var place = 0; KeepsAll && place < _parts.Length; place++)
        {
            _parts[place].GiveBack(permits, until.Slice(place, 1));
        }
    }

    protected override void OnBegin()
    {
        var limits = Limit.Parts;
        _parts = IsOfSameKinds(limits.AsSpan()) ? _taken : new Counter[limits.Length];
        for (var place = 0; place < limits.Length; place++)
        {
            var taken = place < _taken.Length ? _taken[place] : null;
            _parts[place] = taken?.IsOf(limits[place]) == true ? taken : limits[place].NewCounter();
            _parts[place].Begin(limits[place], Now);
        }
    }

    private bool IsOfSameKinds(ReadOnlySpan<RateLimit> limits)
    {
        var place = 0;
        while (place < limits.Length && place < _taken.Length && _taken[place].IsOf(limits[place]))
        {
            place++;
        }

        return place == limits.Length && place == _taken.Length;
    }
}
