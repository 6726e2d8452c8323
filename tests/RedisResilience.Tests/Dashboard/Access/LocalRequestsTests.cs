using System.Net;
using Microsoft.AspNetCore.Http;
using RedisResilience.Dashboard.Access;

namespace RedisResilience.Tests.Dashboard.Access;

internal sealed class LocalRequestsTests
{
    [TestCase("127.0.0.1", "localhost")]
    [TestCase("127.0.0.1", "localhost:5000")]
    [TestCase("127.3.2.1", "127.3.2.1:80")]
    [TestCase("::1", "[::1]:5000")]
    [TestCase("::ffff:127.0.0.1", "LOCALHOST")]
    [TestCase("127.0.0.1", "redis.localhost:5000")]
    public void RequestOfThisMachine_IsLocal(string address, string host) => Assert.That(IsLocal(address, host), Is.True);

    [TestCase("192.168.1.1", "localhost")]
    [TestCase("172.17.0.1", "127.0.0.1")]
    [TestCase("::ffff:10.0.0.1", "localhost")]
    [TestCase("fe80::1", "localhost")]
    [TestCase(null, "localhost")]
    public void RequestOfAnotherMachine_IsNot(string? address, string host) => Assert.That(IsLocal(address, host), Is.False);

    [TestCase("evil.example")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("localhost.evil.example")]
    [TestCase("notlocalhost")]
    [TestCase("0.0.0.0")]
    [TestCase("192.168.1.1:5000")]
    [TestCase("")]
    public void HostThatIsNotThisMachine_IsNot(string host) => Assert.That(IsLocal("127.0.0.1", host), Is.False);

    [TestCase("X-Forwarded-For", "127.0.0.1")]
    [TestCase("x-forwarded-for", "")]
    [TestCase("X-Original-For", "10.0.0.1:4711")]
    [TestCase("Forwarded", "for=127.0.0.1")]
    [TestCase("Via", "1.1 proxy")]
    [TestCase("X-Real-IP", "127.0.0.1")]
    [TestCase("CF-Connecting-IP", "1.2.3.4")]
    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Referer", "https://evil.example/redis/")]
    public void RequestOfAProxyOrAnotherPage_IsNot(string header, string value) =>
        Assert.That(IsLocal("127.0.0.1", "localhost", (header, value)), Is.False);

    [TestCase("Origin", "http://localhost:5000")]
    [TestCase("Referer", "http://[::1]:5000/redis/")]
    [TestCase("Accept", "*/*")]
    public void RequestOfTheOwnPage_IsLocal(string header, string value) =>
        Assert.That(IsLocal("127.0.0.1", "localhost", (header, value)), Is.True);

    [Test]
    public void LinkFromSomewhereElse_IsLocal() => Assert.That(
        IsLocal("127.0.0.1", "localhost", ("Referer", "https://wiki.example/runbook"), ("Sec-Fetch-Mode", "navigate")), Is.True);

    [Test]
    public void ProxyWithTheSettingsItCameWith_IsNot() =>
        Assert.That(LocalRequests.IsLocal(Request("127.0.0.1", "localhost", "HTTP/1.0")), Is.False);

    private static bool IsLocal(string? address, string host, params (string Name, string Value)[] headers) =>
        LocalRequests.IsLocal(Request(address, host, "HTTP/1.1", headers));

    private static HttpRequest Request(string? address, string host, string protocol, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };
        context.Request.Protocol = protocol;
        context.Request.Host = new HostString(host);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return context.Request;
    }
}
