using Predictions;

namespace RedisResilience.Tests.Predictions;

public sealed class SymbolTests
{
    [TestCase("AAPL", "AAPL")]
    [TestCase("aapl", "AAPL")]
    [TestCase("i", "I")]
    [TestCase("BRK.b", "BRK.B")]
    [TestCase("BF-B", "BF-B")]
    [TestCase("0123456789", "0123456789")]
    public void Symbol_IsKeptInUpperCase(string text, string expected)
    {
        Assert.That(Symbol.TryParse(text, out var symbol), Is.True);
        Assert.That(symbol, Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("AAPL ")]
    [TestCase("ABCDEFGHIJK")]
    [TestCase("A:B")]
    [TestCase("{A}")]
    [TestCase("A/B")]
    [TestCase("A\0")]
    [TestCase("A\n")]
    [TestCase("A*")]
    [TestCase("ı")]
    [TestCase("Ａ")]
    [TestCase("\ud800")]
    public void AnythingElse_IsNoSymbol(string? text)
    {
        Assert.That(Symbol.TryParse(text, out var symbol), Is.False);
        Assert.That(symbol, Is.Null);
    }
}
