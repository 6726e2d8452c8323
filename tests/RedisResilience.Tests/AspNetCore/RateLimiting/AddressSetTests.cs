using System.Net;
using RedisResilience.AspNetCore.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class AddressSetTests
{
    private static readonly AddressSet Set = new(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32", "::1"]);

    [TestCase("127.0.0.1", true)]
    [TestCase("127.0.0.2", false)]
    [TestCase("10.255.0.1", true)]
    [TestCase("::ffff:10.1.2.3", true)]
    [TestCase("11.0.0.1", false)]
    [TestCase("2001:db8:ffff::1", true)]
    [TestCase("2001:db9::1", false)]
    [TestCase("::1", true)]
    [TestCase("::2", false)]
    public void Contains_AddressesAndNetworks(string address, bool contained) =>
        Assert.That(Set.Contains(IPAddress.Parse(address)), Is.EqualTo(contained));

    [Test]
    public void Contains_NobodyWithoutAnAddress() => Assert.That(new AddressSet(["0.0.0.0/0", "::/0"]).Contains(null), Is.False);

    [TestCase("10")]
    [TestCase("10.1")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10/8")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("localhost")]
    [TestCase("")]
    [TestCase(null)]
    public void Parse_NothingElse(string? text) => Assert.That(AddressSet.Parse(text), Is.Null);
}
