using System.Text;
using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests;

internal sealed class DocumentReaderTests
{
    private static RawBsonDocument Read(string json) => DocumentReader.Read(Encoding.UTF8.GetBytes(json), "_id", "AAPL");

    [Test]
    public void MissingKey_IsAddedInFront() =>
        Assert.That(Read("""{"a":1}"""), Is.EqualTo(new BsonDocument { { "_id", "AAPL" }, { "a", 1 } }));

    [Test]
    public void PresentKey_StaysWhereItIs() =>
        Assert.That(Read("""{"a":1,"_id":"AAPL"}"""), Is.EqualTo(new BsonDocument { { "a", 1 }, { "_id", "AAPL" } }));

    [Test]
    public void ExtendedJson_BecomesTheTypeItNames() =>
        Assert.That(
            Read("""{"at":{"$date":"1970-01-01T00:00:01Z"},"many":9007199254740993,"exact":{"$numberDecimal":"1.50"}}"""),
            Is.EqualTo(new BsonDocument
            {
                { "_id", "AAPL" },
                { "at", DateTime.UnixEpoch.AddSeconds(1) },
                { "many", 9007199254740993L },
                { "exact", Decimal128.Parse("1.50") },
            }));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("{")]
    [TestCase("[1]")]
    [TestCase("1")]
    [TestCase("null")]
    [TestCase("{\"a\":1} x")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{a:1}")]
    [TestCase("{'a':1}")]
    [TestCase("{\"a\":NaN}")]
    [TestCase("{\"a\":ISODate(\"2020-01-01\")}")]
    [TestCase("{\"a\":1,\"a\":2}")]
    [TestCase("{\"a\":{\"$oid\":\"x\"}}")]
    [TestCase("{\"a\\u0000b\":1}")]
    [TestCase("{\"a\":\"\\ud800\"}")]
    [TestCase("{\"$set\":{\"a\":1}}")]
    [TestCase("{\"a\":1,\"$b\":1}")]
    [TestCase("{\"_id\":\"MSFT\"}")]
    [TestCase("{\"_id\":1}")]
    public void BadDocument_IsRefused(string json) => AssertRefused(Encoding.UTF8.GetBytes(json));

    [Test]
    public void BrokenUtf8_IsRefused() => AssertRefused([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]);

    [Test]
    public void TooDeepNesting_IsRefused() =>
        AssertRefused(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000)));

    private static void AssertRefused(byte[] json) =>
        Assert.That(
            () => DocumentReader.Read(json, "_id", "AAPL"),
            Throws.TypeOf<ArgumentException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("json"));
}
