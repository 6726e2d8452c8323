using System.Net;
using CsCheck;
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
        Assert.That(ClientAddress.Key(IPAddress.Parse(address), 64), Is.EqualTo(key));

    [TestCase(32, "2001:db8::/32")]
    [TestCase(48, "2001:db8:1::/48")]
    [TestCase(56, "2001:db8:1:ab00::/56")]
    [TestCase(60, "2001:db8:1:abc0::/60")]
    [TestCase(128, "2001:db8:1:abcd:3:4:5:6/128")]
    public void Network_HasTheLengthAskedFor(int prefixLength, string key) =>
        Assert.That(ClientAddress.Key(IPAddress.Parse("2001:db8:1:abcd:3:4:5:6"), prefixLength), Is.EqualTo(key));

    [Test]
    public void Network_HasTheAddressAndNoOther() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Int[32, 128]).Where((bytes, _) => bytes[0] != 0).Sample((bytes, length) =>
    {
        var address = new IPAddress(bytes);
        var network = IPNetwork.Parse(ClientAddress.Key(address, length));
        return network.PrefixLength == length && network.Contains(address);
    });

    [Test]
    public void NoAddress_IsUnknown() => Assert.That(ClientAddress.Key(null, 64), Is.EqualTo("unknown"));
}
