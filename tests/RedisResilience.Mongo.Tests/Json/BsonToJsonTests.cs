using System.Text;
using System.Text.Json;
using MongoDB.Bson;

namespace RedisResilience.Mongo.Tests.Json;

internal sealed class BsonToJsonTests
{
    private static readonly BsonDocument EveryKind = new()
    {
        { "double", 1.5 },
        { "text", "é\"" },
        { "document", new BsonDocument("a", 1) },
        { "array", new BsonArray { 1, "b", new BsonArray() } },
        { "binary", new BsonBinaryData([1, 2, 3]) },
        { "undefined", BsonUndefined.Value },
        { "id", ObjectId.Empty },
        { "true", true },
        { "date", new BsonDateTime(1) },
        { "null", BsonNull.Value },
        { "regex", new BsonRegularExpression("^a/", "im") },
        { "code", new BsonJavaScript("f()") },
        { "symbol", BsonSymbol.Create("s") },
        { "scoped", new BsonJavaScriptWithScope("g()", new BsonDocument("x", 1)) },
        { "int", 7 },
        { "timestamp", new BsonTimestamp(-1, 2) },
        { "long", long.MinValue },
        { "decimal", Decimal128.Parse("1.50") },
        { "min", BsonMinKey.Value },
        { "max", BsonMaxKey.Value },
    };

    [Test]
    public void EveryKind_IsRelaxedExtendedJson()
    {
        const string Expected =
            """
            {"double":1.5,"text":"é\"","document":{"a":1},"array":[1,"b",[]],"binary":{"$binary":{"base64":"AQID","subType":"00"}},
            "undefined":{"$undefined":true},"id":{"$oid":"000000000000000000000000"},"true":true,
            "date":{"$date":"1970-01-01T00:00:00.001Z"},
            "null":null,"regex":{"$regularExpression":{"pattern":"^a/","options":"im"}},"code":{"$code":"f()"},"symbol":{"$symbol":"s"},
            "scoped":{"$code":"g()","$scope":{"x":1}},"int":7,"timestamp":{"$timestamp":{"t":4294967295,"i":2}},"long":-9223372036854775808,
            "decimal":{"$numberDecimal":"1.50"},"min":{"$minKey":1},"max":{"$maxKey":1}}
            """;
        Assert.That(Written.ByUs(EveryKind), Is.EqualTo(Expected.ReplaceLineEndings("")));
        Assert.That(Written.Normal(Written.ByTheDriver(EveryKind)), Is.EqualTo(Written.Normal(Expected)));
    }

    [Test]
    public void DatabasePointer_ThatTheDriverCannotRead_IsWritten()
    {
        byte[] bson = [0, 0, 0, 0, 0x0C, .. "p\0"u8, 4, 0, 0, 0, .. "d.c\0"u8, .. new byte[12], 0];
        bson[0] = (byte)bson.Length;

        Assert.That(Written.ByUs(bson), Is.EqualTo("""{"p":{"$dbPointer":{"$ref":"d.c","$id":{"$oid":"000000000000000000000000"}}}}"""));
    }

    [Test]
    public void OldBinary_HasItsLengthTwiceInBsonOnly()
    {
        byte[] bson = [0, 0, 0, 0, 0x05, .. "b\0"u8, 7, 0, 0, 0, 2, 3, 0, 0, 0, 1, 2, 3, 0];
        bson[0] = (byte)bson.Length;

        Assert.That(Written.ByUs(bson), Is.EqualTo("""{"b":{"$binary":{"base64":"AQID","subType":"02"}}}"""));
    }

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    [TestCase(double.NegativeInfinity, "-Infinity")]
    public void WhatIsNoNumber_IsTextWithItsType(double value, string text) =>
        Assert.That(Written.ByUs(new BsonDocument("x", value)), Is.EqualTo($$$"""{"x":{"$numberDouble":"{{{text}}}"}}"""));

    [TestCase(-1L, """{"$date":{"$numberLong":"-1"}}""", "\"1969-12-31T23:59:59.999Z\"")]
    [TestCase(0L, """{"$date":"1970-01-01T00:00:00Z"}""", "\"1970-01-01T00:00:00Z\"")]
    [TestCase(253402300799999L, """{"$date":"9999-12-31T23:59:59.999Z"}""", "\"9999-12-31T23:59:59.999Z\"")]
    [TestCase(253402300800000L, """{"$date":{"$numberLong":"253402300800000"}}""", """{"$date":{"$numberLong":"253402300800000"}}""")]
    [TestCase(-62135596800000L, """{"$date":{"$numberLong":"-62135596800000"}}""", "\"0001-01-01T00:00:00Z\"")]
    [TestCase(-62135596800001L, """{"$date":{"$numberLong":"-62135596800001"}}""", """{"$date":{"$numberLong":"-62135596800001"}}""")]
    public void Date_AtTheEdges(long milliseconds, string extended, string text)
    {
        var document = new BsonDocument("d", new BsonDateTime(milliseconds));

        Assert.That(Written.ByUs(document), Is.EqualTo($$"""{"d":{{extended}}}"""));
        Assert.That(Written.ByUs(document, new() { DatesAsText = true }), Is.EqualTo($$"""{"d":{{text}}}"""));
    }

    [Test]
    public void OwnShape_IsPlainTextWithOtherNamesAndWithoutSomeFields()
    {
        var document = new BsonDocument
        {
            { "_id", ObjectId.Empty },
            { "price", Decimal128.Parse("1.50") },
            { "at", new BsonDateTime(0) },
            { "secret", 1 },
            { "lines",
            new BsonArray { new BsonDocument { { "sku", "a" }, { "cost", 1 } }, new BsonDocument { { "cost", 2 }, { "sku", "b" } } } },
            { "address", new BsonDocument { { "zip", "1" }, { "secret", 2 } } },
        };
        var options = new DocumentJsonOptions { DatesAsText = true, ObjectIdsAsText = true, DecimalsAsText = true };
        options.Hidden.UnionWith(["secret", "lines.cost"]);
        options.Renamed["_id"] = "id";
        options.Renamed["address"] = "home";
        options.Renamed["address.zip"] = "post\"code";

        Assert.That(Written.ByUs(document, options), Is.EqualTo(
            """
            {"id":"000000000000000000000000","price":"1.50","at":"1970-01-01T00:00:00Z","lines":[{"sku":"a"},{"sku":"b"}],
            "home":{"post\"code":"1","secret":2}}
            """.ReplaceLineEndings("")));
    }

    [Test]
    public void EverythingHidden_IsAnEmptyObject()
    {
        var options = new DocumentJsonOptions();
        options.Hidden.Add("a");

        Assert.That(Written.ByUs(new BsonDocument("a", 1), options), Is.EqualTo("{}"));
    }

    [Test]
    public void LargestDocument_IsWritten()
    {
        const int Largest = 16 * 1024 * 1024;
        var document = new BsonDocument { { "control", new string(
            '\u0001', Largest / 2) }, { "plain", new string('x', (Largest / 2) - 100) } };

        using var json = JsonDocument.Parse(Written.ByUs(document));

        Assert.That(json.RootElement.GetProperty("control").GetString(), Has.Length.EqualTo(Largest / 2));
        Assert.That(json.RootElement.GetProperty("plain").GetString(), Has.Length.EqualTo((Largest / 2) - 100));
    }

    [Test]
    public void Body_IsGivenBackOnce()
    {
        var body = new RedisResilience.Mongo.Json.BsonToJson(new(), hidesId: true).Write(new BsonDocument("_id", 1).ToBson());
        Assert.That(Encoding.UTF8.GetString(body.Memory.Span), Is.EqualTo("{}"));

        body.Dispose();
        body.Dispose();

        Assert.That(() => body.Memory, Throws.TypeOf<ObjectDisposedException>());
    }
}
