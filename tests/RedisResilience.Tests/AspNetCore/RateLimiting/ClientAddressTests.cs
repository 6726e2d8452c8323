using System.Net;
using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class ClientAddressTests
{
    [TestCase("192.168.1.1", "192.168.1.1")]
    [TestCase("::ffff:192.168.1.1", "192.168.1.1")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [TestCase("fe80::1%3", "fe80::/64")]
    [TestCase("::1", "::/64")]
    [TestCase("0:0:0:1::9", "0:0:0:1::/64")]
    public void Address_IsNamed(string address, string key) =>
        Assert.That(ClientAddress.Key(IPAddress.Parse(address)), Is.EqualTo(key));

    [Test]
    public void NoAddress_IsUnknown() => Assert.That(ClientAddress.Key(null), Is.EqualTo("unknown"));
}
