using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using RedisResilience.Mongo.Following;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Tests.Following;

/// <summary>Whatever a changed document holds, its change is read: a watcher that stumbles over it would stumble at every start.</summary>
internal sealed class ChangedKeysTests
{
    private static readonly BsonDocument Update = new()
    {
        { "_id", new BsonDocument("_data", "01") },
        { "operationType", "update" },
        { "clusterTime", new BsonTimestamp(7) },
        { "documentKey", new BsonDocument("_id", "KEY-TEXT") },
        { "fullDocument", new BsonDocument("symbol", "KEY-TEXT") },
    };

    [Test]
    public void Key_NamesTheEntry() => Assert.That(Read(Update.ToBson()).Entries, Is.EqualTo(new[] { "p:v1:KEY-TEXT" }));

    [Test]
    public void KeyThatIsNotUtf8_NamesNone_AndTheChangeIsReadToItsEnd()
    {
        var read = Read(Broken());

        Assert.That((read.Kind, read.Time, read.Token["_data"].AsString), Is.EqualTo((ChangeKind.Document, new BsonTimestamp(7), "01")));
        Assert.That((read.Entries.Count, read.Tag), Is.EqualTo((0, (string?)null)), "nobody can ask for such a key");
    }

    [Test]
    public void KeyFieldThatIsNotUtf8_IsFoundByTheTagOfItsId()
    {
        var tags = new IdTags("p:v1:_id");
        var read = Read(Broken(), "symbol", tags);

        Assert.That(read.Entries, Is.Empty);
        Assert.That(read.Tag, Is.Not.Null, "what it was called before is not known");
    }

    private static Change Read(byte[] change, string keyField = "_id", IdTags? tags = null)
    {
        using var stream = new MemoryStream(change);
        using var reader = new BsonBinaryReader(stream);
        return new ChangedKeys(new DocumentKeys("p:v1"), keyField, tags).Deserialize(BsonDeserializationContext.CreateRoot(reader));
    }

    private static byte[] Broken()
    {
        var change = Update.ToBson();
        for (var at = change.AsSpan().IndexOf("KEY-TEXT"u8); at >= 0; at = change.AsSpan().IndexOf("KEY-TEXT"u8))
        {
            change[at] = 0xFF;
        }

        return change;
    }
}
