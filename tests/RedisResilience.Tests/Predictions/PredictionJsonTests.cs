using System.Text;
using System.Text.Json.Nodes;
using Predictions.Forecasting;
using Predictions.Prices;

namespace RedisResilience.Tests.Predictions;

public sealed class PredictionJsonTests
{
    private static readonly Prediction Rising = Prediction.Compute(
        "AAPL", [.. Enumerable.Range(1, 12).Select(month => new PricePoint($"2009-{month:00}", 100 + month))]);

    [Test]
    public void ComputedDocument_ReadsBackAsItself()
    {
        var read = PredictionJson.TryRead(PredictionJson.Write(Rising), "AAPL", out var problem);

        Assert.That(problem, Is.Empty);
        Assert.That(PredictionJson.Write(read!), Is.EqualTo(PredictionJson.Write(Rising)));
    }

    [Test]
    public void Forecast_IsForTheMonthsAfterTheLast()
    {
        Assert.That(Rising.AsOf, Is.EqualTo("2009-12"));
        Assert.That(
            Rising.Forecast.Select(point => point.Month), Is.EqualTo(["2010-01", "2010-02", "2010-03", "2010-04", "2010-05", "2010-06"]));
        Assert.That(Rising.Forecast[0], Is.EqualTo(new ForecastPoint("2010-01", 113, 113, 113)));
    }

    [Test]
    public void FallingPrices_HaveNoNegativeForecast()
    {
        var falling = Prediction.Compute(
            "X", [.. Enumerable.Range(1, 12).Select(month => new PricePoint($"2009-{month:00}", 12.5 - month))]);

        Assert.That(PredictionJson.TryRead(PredictionJson.Write(falling), "X", out var problem), Is.Not.Null, problem);
        Assert.That(falling.Forecast, Has.All.Matches<ForecastPoint>(point => point!.Lower >= 0 && point.Value >= 0));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"symbol\":\"AAPL\"")]
    [TestCase("\"AAPL\"")]
    public void NoDocument_IsRefused(string json) => AssertRefused(Encoding.UTF8.GetBytes(json));

    [Test]
    public void InvalidUtf8_IsRefused() => AssertRefused([(byte)'"', 0xff, (byte)'"']);

    [Test]
    public void AnotherSymbol_IsRefused() => AssertRefused(Changed(document => document["symbol"] = "IBM"));

    [Test]
    public void NullForAProperty_IsRefused([Values("symbol", "asOf", "lastPrices", "forecast", "model")] string name) =>
        AssertRefused(Changed(document => document[name] = null));

    [Test]
    public void MissingProperty_IsRefused([Values("symbol", "asOf", "lastPrices", "forecast", "model")] string name) =>
        AssertRefused(Changed(document => document.Remove(name)));

    [Test]
    public void NullForAnElement_IsRefused([Values("lastPrices", "forecast")] string name) =>
        AssertRefused(Changed(document => document[name]![0] = null));

    [Test]
    public void AnElementMore_IsRefused([Values("lastPrices", "forecast")] string name) =>
        AssertRefused(Changed(document => document[name]!.AsArray().Add(document[name]![0]!.DeepClone())));

    [TestCase("asOf")]
    [TestCase("lastPrices", "month")]
    [TestCase("forecast", "month")]
    public void NoMonth_IsRefused(string name, string? element = null) => AssertRefused(Changed(document =>
    {
        if (element is null)
        {
            document[name] = "2010-13";
        }
        else
        {
            document[name]![0]![element] = "2010-13";
        }
    }));

    [Test]
    public void NegativePrice_IsRefused() => AssertRefused(Changed(document => document["lastPrices"]![0]!["price"] = -1));

    [Test]
    public void ValueOutsideItsInterval_IsRefused([Values("lower", "upper")] string bound) =>
        AssertRefused(Changed(document => document["forecast"]![0]![bound] = bound == "lower" ? 1000 : 0));

    [Test]
    public void UnknownProperty_IsRefused() => AssertRefused(Changed(document => document["note"] = "x"));

    private static byte[] Changed(Action<JsonObject> change)
    {
        var document = JsonNode.Parse(PredictionJson.Write(Rising))!.AsObject();
        change(document);
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static void AssertRefused(byte[] json)
    {
        Assert.That(PredictionJson.TryRead(json, "AAPL", out var problem), Is.Null);
        Assert.That(problem, Is.Not.Empty);
    }
}
