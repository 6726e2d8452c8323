using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Collections and what is set for them.</summary>
internal static class AdministrationCommands
{
    public static BsonDocument Create(BsonDocument command, WireStore store, (string Database, string Collection) name, WireVersion version)
    {
        if (store.Collections.ContainsKey(name))
        {
            throw new WireException(48, "NamespaceExists", "a collection with this name exists");
        }

        SetImages(command, store.CollectionOf(name), version);
        return [];
    }

    public static BsonDocument Modify(BsonDocument command, WireStore store, (string Database, string Collection) name, WireVersion version)
    {
        SetImages(command, store.Collections.GetValueOrDefault(name) ?? throw new WireException(
            26, "NamespaceNotFound", "ns does not exist"), version);
        return [];
    }

    public static BsonDocument CreateIndexes(BsonDocument command, WireStore store, (string Database, string Collection) name)
    {
        foreach (var index in command["indexes"].AsBsonArray.Where(index => index.AsBsonDocument.GetValue("unique", false).ToBoolean()))
        {
            store.CollectionOf(name).UniqueFields.Add(index["key"].AsBsonDocument.GetElement(0).Name);
        }

        return [];
    }

    public static BsonDocument Drop(WireStore store, (string Database, string Collection) name)
    {
        if (store.Collections.Remove(name))
        {
            store.Log(name, "drop");
        }

        return [];
    }

    public static BsonDocument DropDatabase(WireStore store, string database)
    {
        foreach (var name in store.Collections.Keys.Where(name => name.Database == database).ToArray())
        {
            Drop(store, name);
        }

        return [];
    }

    public static BsonDocument Rename(BsonDocument command, WireStore store)
    {
        var from = Split(command["renameCollection"].AsString);
        var to = Split(command["to"].AsString);
        if (!store.Collections.Remove(from, out var collection))
        {
            throw new WireException(26, "NamespaceNotFound", "Source collection does not exist");
        }

        if (store.Collections.ContainsKey(to))
        {
            throw new WireException(48, "NamespaceExists", "target namespace exists");
        }

        store.Collections[to] = collection;
        store.Log(from, "rename", after: new BsonDocument("to", to.Collection));
        return [];
    }

    private static void SetImages(BsonDocument command, WireCollection collection, WireVersion version)
    {
        if (command.Names.FirstOrDefault(version.Lacks) is { } unknown)
        {
            throw new WireException(40415, "Location40415", $"BSON field '{command.GetElement(0).Name}.{unknown}' is an unknown field.");
        }

        if (command.TryGetValue("changeStreamPreAndPostImages", out var images))
        {
            collection.KeepsPreImages = images["enabled"].ToBoolean();
        }
    }

    private static (string Database, string Collection) Split(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return (name[..dot], name[(dot + 1)..]);
    }
}
