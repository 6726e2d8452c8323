using System.Text;
using System.Text.Json;
using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests;

internal sealed class DocumentWriterTests
{
    private static string Write(BsonDocument document) => Encoding.UTF8.GetString(DocumentWriter.Write(new RawBsonDocument(document.ToBson())).Span);

    [Test]
    public void PlainValues_ArePlainJson() =>
        Assert.That(
            Write(new() { { "i", 1 }, { "l", 9007199254740993L }, { "d", 1.5 }, { "s", "é\"" }, { "b", true }, { "n", BsonNull.Value }, { "a", new BsonArray { 1, 2 } } }),
            Is.EqualTo("""{ "i" : 1, "l" : 9007199254740993, "d" : 1.5, "s" : "é\"", "b" : true, "n" : null, "a" : [1, 2] }"""));

    [Test]
    public void OtherTypes_AreRelaxedExtendedJson() =>
        Assert.That(
            Write(new() { { "at", DateTime.UnixEpoch }, { "id", ObjectId.Empty }, { "m", Decimal128.Parse("1.50") }, { "x", double.NaN } }),
            Is.EqualTo(
                """{ "at" : { "$date" : "1970-01-01T00:00:00Z" }, "id" : { "$oid" : "000000000000000000000000" },"""
                + """ "m" : { "$numberDecimal" : "1.50" }, "x" : { "$numberDouble" : "NaN" } }"""));

    [Test]
    public void AnyText_SurvivesTheWayThere()
    {
        const string Text = "\u0000\u001f\"\\/é€🔑\u2028</script>";

        using var json = JsonDocument.Parse(Write(new() { { "text", Text } }));

        Assert.That(json.RootElement.GetProperty("text").GetString(), Is.EqualTo(Text));
    }

    [Test]
    public void WhatWasWritten_CanBeReadAgain()
    {
        var document = new BsonDocument { { "_id", "AAPL" }, { "at", DateTime.UnixEpoch }, { "l", long.MaxValue }, { "m", Decimal128.Parse("1.50") } };

        var again = DocumentReader.Read(Encoding.UTF8.GetBytes(Write(document)), "_id", "AAPL");

        Assert.That(again, Is.EqualTo(document));
    }
}
