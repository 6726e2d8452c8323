using System.Text;
using System.Text.Json.Serialization;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Documents;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed partial class ReadTests(MongoKind kind) : MongoFixture(kind)
{
    [Test]
    public async Task Document_IsReadOnceAndThenCached()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 } });
        await using var deployment = await DeployAsync();
        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
        await deployment.Store.CacheAsync("A");

        // By another program that tells nobody.
        await Documents.DeleteOneAsync(new BsonDocument("_id", "A"));

        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"price":1}"""));
    }

    [Test]
    public async Task NoDocument_IsRememberedWhenAskedFor()
    {
        await using var deployment = await DeployAsync(configure: options => options.NegativeTimeToLive = TimeSpan.FromMinutes(1));
        Assert.That(await deployment.Store.TextAsync("A"), Is.Null);
        await deployment.Store.CacheAsync("A");

        await Documents.InsertOneAsync(new() { { "_id", "A" } });
        Assert.That(await deployment.Store.TextAsync("A"), Is.Null);

        await deployment.Store.ReplaceAsync("A", "{}"u8.ToArray());
        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("{}"));
    }

    [Test]
    public async Task Many_AreReadInTheirOrder()
    {
        await Documents.InsertManyAsync(Enumerable.Range(0, 300).Select(i => new BsonDocument { { "_id", $"{i}" }, { "i", i } }));
        await using var deployment = await DeployAsync();
        await deployment.Store.CacheAsync("7");
        string[] ids = [.. Enumerable.Range(-1, 302).Select(i => $"{i}")];

        for (var round = 0; round < 2; round++)
        {
            var responses = await deployment.Store.GetManyAsync(ids);
            var texts = responses.Select(response => response.HasBody ? Encoding.UTF8.GetString(response.Body.Span) : null);
            Assert.That(texts, Is.EqualTo(Enumerable.Range(-1, 302).Select(i => i is >= 0 and < 300 ? $$"""{"i":{{i}}}""" : null)));
            foreach (var response in responses)
            {
                response.Dispose();
            }
        }
    }

    [Test]
    public async Task LargeDocument_ComesWhole()
    {
        var text = new string('x', 3_000_000);
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "text", text } });
        await using var deployment = await DeployAsync();

        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo($$"""{"text":"{{text}}"}"""));
    }

    [Test]
    public async Task Object_IsReadFromTheCachedJson_AndPoisonIsReplaced()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", new Decimal128(1.5m) }, { "secret", 1 } });
        await using var deployment = await DeployAsync(configure: options =>
        {
            options.Json.DecimalsAsText = true;
            options.Json.Hidden.Add("secret");
        });
        await deployment.Cache.SetAsync($"{Database}:v1:A", new("not json"u8.ToArray()), new(TimeSpan.FromMinutes(1)));

        var read = await deployment.Store.GetAsync("A", QuoteJson.Default.Quote);
        var many = await deployment.Store.GetManyAsync(["A", "B"], QuoteJson.Default.Quote);

        Assert.That(read, Is.EqualTo(new Quote("1.5", null)));
        Assert.That(many, Is.EqualTo(new[] { read, null }));
    }

    [Test]
    public async Task FieldsAndTransform_ShapeTheDocument()
    {
        await Documents.InsertOneAsync(new() { { "_id", "A" }, { "price", 1 }, { "note", "x" }, { "secret", 2 } });
        await using var deployment = await DeployAsync(configure: options =>
        {
            options.Fields.UnionWith(["price", "note"]);
            options.Transform = document => document.Set("note", document["note"].AsString + "!");
        });

        Assert.That(await deployment.Store.TextAsync("A"), Is.EqualTo("""{"price":1,"note":"x!"}"""));
    }

    internal sealed record Quote([property: JsonPropertyName("price")] string Price, [property: JsonPropertyName("secret")] int? Secret);

    [JsonSerializable(typeof(Quote))]
    internal sealed partial class QuoteJson : JsonSerializerContext;
}
