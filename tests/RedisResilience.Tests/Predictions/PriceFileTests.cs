using Predictions.Prices;

namespace RedisResilience.Tests.Predictions;

public sealed class PriceFileTests
{
    private const string Header = "symbol,date,price";

    [Test]
    public void ShippedFile_HasFiveHistoriesInMonthlyOrder()
    {
        var histories = PriceFile.Parse(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "stocks.csv")));

        Assert.That(histories.Keys, Is.EqualTo(["AAPL", "AMZN", "GOOG", "IBM", "MSFT"]));
        Assert.That(histories.Values.Sum(history => history.Count), Is.EqualTo(560));
        Assert.That(histories["AAPL"][^1], Is.EqualTo(new PricePoint("2010-03", 223.02)));
        Assert.That(histories.Values, Has.All.Matches<IReadOnlyList<PricePoint>>(
            history => history!.Select(point => point.Month).SequenceEqual(history!.Select(point => point.Month).Order().Distinct())));
    }

    [Test]
    public void LowerCaseSymbol_IsKeptInUpperCase() =>
        Assert.That(PriceFile.Parse([Header, "aapl,Jan 1 2000,25.94"])["AAPL"], Is.EqualTo([new PricePoint("2000-01", 25.94)]));

    [Test]
    public void NoLinesAfterTheHeader_NoHistories() => Assert.That(PriceFile.Parse([Header]), Is.Empty);

    [TestCase("AAPL,Jan 1 2000")]
    [TestCase("AAPL,Jan 1 2000,1,2")]
    [TestCase("")]
    [TestCase("A:B,Jan 1 2000,1")]
    [TestCase("AAPL,2000-01-01,1")]
    [TestCase("AAPL,Foo 1 2000,1")]
    [TestCase("AAPL,Feb 30 2000,1")]
    [TestCase("AAPL,Jan 1 2000,")]
    [TestCase("AAPL,Jan 1 2000,x")]
    [TestCase("AAPL,Jan 1 2000,-1")]
    [TestCase("AAPL,Jan 1 2000,1e3")]
    [TestCase("AAPL,Jan 1 2000,NaN")]
    [TestCase("AAPL,Jan 1 2000, 1")]
    public void BadLine_IsRefusedByItsNumber(string line) =>
        Assert.That(() =>
            PriceFile.Parse([Header, "AAPL,Jan 1 2000,1", line]), Throws.TypeOf<FormatException>().With.Message.StartsWith("Line 3: "));

    [Test]
    public void WrongHeader_IsRefused() =>
        Assert.That(() => PriceFile.Parse(["date,symbol,price"]), Throws.TypeOf<FormatException>().With.Message.StartsWith("Line 1: "));
}
