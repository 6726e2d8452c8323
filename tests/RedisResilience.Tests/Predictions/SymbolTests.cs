using System.Text.RegularExpressions;
using CsCheck;
using Predictions;

namespace RedisResilience.Tests.Predictions;

public sealed partial class SymbolTests
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

    [Test]
    public void Text_IsASymbolExactlyIfItLooksLikeOneAndThenItsUpperCaseIsIt()
    {
        var almostSymbols = Gen.OneOf(
            Gen.Char["ABYZabyz019.-"], Gen.Char["ABYZabyz019.-"], Gen.Char["ABYZabyz019.-"], Gen.Char["@[`{/:,+ \n\0"], Gen.Char);

        almostSymbols.Array[0, 12].Select(characters => new string(characters)).Sample(
            text =>
            {
                var isSymbol = Symbol.TryParse(text, out var symbol);

                return isSymbol == LooksLikeASymbol().IsMatch(text)
                    && symbol == (isSymbol ? text.ToUpperInvariant() : null)
                    && (!isSymbol || (Symbol.TryParse(symbol, out var again) && again == symbol));
            },
            iter: 10_000);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9.-]{1,10}\z")]
    private static partial Regex LooksLikeASymbol();
}
