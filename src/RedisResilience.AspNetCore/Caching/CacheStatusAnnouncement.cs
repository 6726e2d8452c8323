using Microsoft.AspNetCore.Http;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Puts a <c>Cache-Status</c> on a response of which nothing is stored, whoever writes it.</summary>
internal sealed class CacheStatusAnnouncement
{
    private readonly HttpResponse _response;
    private readonly IRedisStatus _status;
    private readonly string _value;

    private CacheStatusAnnouncement(HttpResponse response, IRedisStatus status, string value)
    {
        _response = response;
        _status = status;
        _value = value;
    }

    public static void Register(HttpResponse response, IRedisStatus status, string value) =>
        response.OnStarting(static state => ((CacheStatusAnnouncement)state).WriteAsync(), new CacheStatusAnnouncement(response, status, value));

    private Task WriteAsync()
    {
        CacheStatus.Announce(_response, _status.Current.Availability, _value);
        return Task.CompletedTask;
    }
}
