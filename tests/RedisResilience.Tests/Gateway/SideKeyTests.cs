using CsCheck;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Tests.Gateway;

internal sealed class SideKeyTests
{
    [TestCase("123456789", 12739, Description = "0x31C3, the check value of CRC16-XMODEM")]
    [TestCase("", 0)]
    public void Slot_IsThatOfTheSpecification(string text, int slot) => Assert.That(HashSlot.Of(text), Is.EqualTo(slot));

    [TestCase("predictions:v1:AAPL", "{predictions:v1:AAPL}:lease")]
    [TestCase("a{b}c", "redisresilience:lease:a{b}c")]
    [TestCase("a{b", "{a{b}:lease")]
    [TestCase("{}a", "redisresilience:lease-slot:{781}:{}a")]
    public void SideKey_CarriesTheKeysOwnTag(string key, string expected) =>
        Assert.That(SideKey.Of("", key, SideKey.Lease), Is.EqualTo(expected));

    [TestCase("predictions:v1:AAPL")]
    [TestCase("a{b}c")]
    [TestCase("a}b")]
    [TestCase("{}a")]
    public void SideKey_BeginsWithThePrefixOrABraceAndThePrefix(string key) =>
        Assert.That(SideKey.Of("app1:", key, SideKey.Lease), Does.StartWith("app1:").Or.StartsWith("{app1:"));

    [Test]
    public void SideKey_IsInTheKeysSlotWhateverItsBraces() =>
        Gen.String[Gen.Char["{}ab1:鍵"], 1, 12].Sample(key => SlotOf(key) == SlotOf(SideKey.Of("", key, SideKey.Lease)));

    [Test]
    public void SideKey_IsNoKeyThatAnApplicationCanName() =>
        Gen.String[Gen.Char["{}ab1:"], 1, 12].Sample(
            key => OwnKeys.Claim(SideKey.Of("", key, SideKey.Lease)) && OwnKeys.Claim(SideKey.Of("", key, SideKey.Copy)));

    [TestCase("redisresilience:x", true)]
    [TestCase("ratelimit:alice", true)]
    [TestCase("{a}:lease", true)]
    [TestCase("predictions:v1@1:AAPL", true)]
    [TestCase("predictions:v1:a@b", false)]
    [TestCase("{user1}:profile", false)]
    [TestCase("predictions:v1:AAPL", false)]
    [TestCase("tag:all", false)]
    public void Key_ThatLooksLikeOneOfTheLibrarys_IsClaimed(string key, bool isClaimed) =>
        Assert.That(OwnKeys.Claim(key), Is.EqualTo(isClaimed));

    [Test]
    public void SideKeys_AreDifferentForDifferentKeys() =>
        Gen.Select(Gen.String[Gen.Char["{}ab1:"], 1, 6], Gen.String[Gen.Char["{}ab1:"], 1, 6])
            .Sample((one, other) => one == other || SideKey.Of("", one, SideKey.Lease) != SideKey.Of("", other, SideKey.Lease));

    // As the cluster specification has it: what stands between the first { and the first } after it, unless that is nothing.
    private static int SlotOf(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open);
        return HashSlot.Of(close > open + 1 ? key[(open + 1)..close] : key);
    }
}
