using System.Diagnostics;
using System.Net;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Diagnostics;

internal sealed class CommandMetricsTests
{
    [TestCase(Fault.WrongType, "WRONGTYPE")]
    [TestCase(Fault.NotPermitted, "NOPERM")]
    [TestCase(Fault.DeadlineExceeded, null)]
    public void FailedCommand_HasTheServersOwnWordForIt(object fault, string? expected)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "RedisResilience",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var server = ServerIdentity.Of(null, [new DnsEndPoint("cache", 6379)], 0);
        var span = CommandMetrics.Begin("GET", server)!;

        CommandMetrics.End(span, "GET", server, TimeSpan.Zero, ((Fault)fault).Name(), ((Fault)fault).StatusCode());

        Assert.That(span.GetTagItem("error.type"), Is.EqualTo(((Fault)fault).Name()));
        Assert.That(span.GetTagItem("db.response.status_code"), Is.EqualTo(expected));
        Assert.That(span.TagObjects.Select(tag => tag.Key), expected is null
            ? Has.None.EqualTo("db.response.status_code") : Has.One.EqualTo("db.response.status_code"));
    }
}
