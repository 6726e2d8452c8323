using CsCheck;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Tests.Gateway;

internal sealed class SideKeyTests
{
    [TestCase("123456789", 12739, Description = "0x31C3, the check value of CRC16-XMODEM")]
    [TestCase("", 0)]
    public void Slot_IsThatOfTheSpecification(string text, int slot) => Assert.That(HashSlot.Of(text), Is.EqualTo(slot));

    [TestCase("predictions:v1:AAPL", "{predictions:v1:AAPL}:lease")]
    [TestCase("a{b}c", "{b}:lease:a{b}c")]
    [TestCase("a{b", "{a{b}:lease")]
    public void SideKey_CarriesTheKeysOwnTag(string key, string expected) => Assert.That(SideKey.Of(key, "lease"), Is.EqualTo(expected));

    [Test]
    public void SideKey_IsInTheKeysSlotWhateverItsBraces() =>
        Gen.String[Gen.Char["{}ab鍵"], 1, 12].Sample(key => SlotOf(key) == SlotOf(SideKey.Of(key, "lease")));

    [Test]
    public void SideKeys_AreDifferentForDifferentKeys() =>
        Gen.Select(Gen.String[Gen.Char["{}ab"], 1, 6], Gen.String[Gen.Char["{}ab"], 1, 6])
            .Sample((one, other) => one == other || SideKey.Of(one, "lease") != SideKey.Of(other, "lease"));

    // As the cluster specification has it: what stands between the first { and the first } after it, unless that is nothing.
    private static int SlotOf(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open);
        return HashSlot.Of(close > open + 1 ? key[(open + 1)..close] : key);
    }
}
