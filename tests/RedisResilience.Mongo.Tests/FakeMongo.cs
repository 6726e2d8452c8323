using System.Net;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using Moq;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Tests;

/// <summary>The driver's interfaces, mocked: answers with the given documents, and writes down what it was asked to do.</summary>
internal sealed class FakeMongo
{
    private readonly Mock<IMongoClient> _client = new(MockBehavior.Strict);
    private readonly Mock<IMongoDatabase> _database = new(MockBehavior.Strict);
    private readonly Mock<IMongoCollection<RawBsonDocument>> _collection = new(MockBehavior.Strict);

    public FakeMongo(List<string> journal)
    {
        _client.Setup(client => client.GetDatabase("shop", null)).Returns(_database.Object);
        _database.Setup(database => database.GetCollection<RawBsonDocument>("forecasts", It.IsAny<MongoCollectionSettings>()))
            .Callback((string _, MongoCollectionSettings settings) => Settings = settings)
            .Returns(_collection.Object);
        _collection.Setup(collection => collection.FindAsync(
                It.IsAny<FilterDefinition<RawBsonDocument>>(),
                It.IsAny<FindOptions<RawBsonDocument, RawBsonDocument>>(),
                It.IsAny<CancellationToken>()))
            .Callback((
                FilterDefinition<RawBsonDocument> filter, FindOptions<RawBsonDocument, RawBsonDocument> options, CancellationToken token) =>
                journal.Add($"find {Render(filter)} {Render(options.Projection)} limit {options.Limit}"))
            .Returns(() => Failure is null ? Task.FromResult(Cursor()) : Task.FromException<IAsyncCursor<RawBsonDocument>>(Failure));
        _collection.Setup(collection => collection.FindAsync(
                It.IsAny<FilterDefinition<RawBsonDocument>>(),
                It.IsAny<FindOptions<RawBsonDocument, LoadedDocument>>(),
                It.IsAny<CancellationToken>()))
            .Callback((
                FilterDefinition<RawBsonDocument> filter, FindOptions<RawBsonDocument, LoadedDocument> options, CancellationToken token) =>
                journal.Add(
                    $"find {Render(filter)} {options.Projection.Render(Arguments).Document?.ToJson() ?? "{ }"} limit {options.Limit}"))
            .Returns((
                FilterDefinition<RawBsonDocument> filter, FindOptions<RawBsonDocument, LoadedDocument> options, CancellationToken token) =>
                Failure is null
                    ? Task.FromResult(Cursor(options.Projection.Render(Arguments).ProjectionSerializer))
                    : Task.FromException<IAsyncCursor<LoadedDocument>>(Failure));
        _collection.Setup(collection => collection.FindAsync(
                It.IsAny<IClientSessionHandle>(),
                It.IsAny<FilterDefinition<RawBsonDocument>>(),
                It.IsAny<FindOptions<RawBsonDocument, LoadedDocument>>(),
                It.IsAny<CancellationToken>()))
            .Returns((
                IClientSessionHandle session,
                FilterDefinition<RawBsonDocument> filter,
                FindOptions<RawBsonDocument,
                LoadedDocument> options,
                CancellationToken token) =>
            {
                journal.Add($"find {Render(filter)} {options.Projection.Render(Arguments).Document?.ToJson() ?? "{ }"} limit "
                    + $"{options.Limit} after {session.OperationTime.Value}");
                return RefusalInSessions is { } code
                    ? Task.FromException<IAsyncCursor<LoadedDocument>>(
                        new MongoCommandException(Connection, "refused", [], new BsonDocument("code", code)))
                    : Task.FromResult(Cursor(options.Projection.Render(Arguments).ProjectionSerializer));
            });
        _collection.Setup(collection => collection.ReplaceOneAsync(
                It.IsAny<IClientSessionHandle>(),
                It.IsAny<FilterDefinition<RawBsonDocument>>(),
                It.IsAny<RawBsonDocument>(),
                It.IsAny<ReplaceOptions>(),
                It.IsAny<CancellationToken>()))
            .Returns(async (
                IClientSessionHandle session,
                FilterDefinition<RawBsonDocument> filter,
                RawBsonDocument document,
                ReplaceOptions options,
                CancellationToken token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                journal.Add($"replace {Render(filter)} {document.ToJson()} upsert {options.IsUpsert}");
                return Failure is null ? (ReplaceOneResult)new ReplaceOneResult.Acknowledged(1, 1, null) : throw Failure;
            });
        _collection.Setup(collection => collection.DeleteOneAsync(
                It.IsAny<IClientSessionHandle>(),
                It.IsAny<FilterDefinition<RawBsonDocument>>(),
                It.IsAny<DeleteOptions>(),
                It.IsAny<CancellationToken>()))
            .Returns(async (
                IClientSessionHandle session, FilterDefinition<RawBsonDocument> filter, DeleteOptions options, CancellationToken token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                journal.Add($"delete {Render(filter)}");
                return Failure is null ? (DeleteResult)new DeleteResult.Acknowledged(1) : throw Failure;
            });
        _client.Setup(
            client => client.StartSessionAsync(It.IsAny<ClientSessionOptions>(), It.IsAny<CancellationToken>())).ReturnsAsync(() =>
        {
            var session = new Mock<IClientSessionHandle>();
            session.SetupGet(one => one.OperationTime).Returns(() => OperationTime!);
            session.Setup(one => one.AdvanceOperationTime(It.IsAny<BsonTimestamp>()))
                .Callback((BsonTimestamp time) => session.SetupGet(one => one.OperationTime).Returns(time));
            return session.Object;
        });
    }

    private static ConnectionId Connection { get; } = new(new ServerId(new ClusterId(), new DnsEndPoint("nowhere", 1)));

    /// <summary>When a write was made, as a session knows it; null as of a server that does not say.</summary>
    public BsonTimestamp? OperationTime { get; set; }

    /// <summary>The code with which a find in a session is refused; null: it is not.</summary>
    public int? RefusalInSessions { get; set; }

    public IMongoClient Client => _client.Object;

    public MongoCollectionSettings? Settings { get; private set; }

    public Exception? Failure { get; set; }

    /// <summary>What a find gives, batch by batch.</summary>
    public BsonDocument[][] Batches { get; set; } = [];

    public int OpenCursors { get; private set; }

    private IAsyncCursor<RawBsonDocument> Cursor() => Cursor(BsonSerializer.LookupSerializer<RawBsonDocument>());

    private IAsyncCursor<T> Cursor<T>(IBsonSerializer<T> serializer)
    {
        var next = 0;
        OpenCursors++;
        var cursor = new Mock<IAsyncCursor<T>>(MockBehavior.Strict);
        cursor.Setup(c => c.MoveNextAsync(It.IsAny<CancellationToken>())).ReturnsAsync(() => next++ < Batches.Length);
        cursor.SetupGet(c => c.Current).Returns(() => Batches[next - 1].Select(document => Read(serializer, document)).ToArray());
        cursor.Setup(c => c.Dispose()).Callback(() => OpenCursors--);
        return cursor.Object;
    }

    private static T Read<T>(IBsonSerializer<T> serializer, BsonDocument document)
    {
        using var reader = new BsonBinaryReader(new MemoryStream(document.ToBson()));
        return serializer.Deserialize(BsonDeserializationContext.CreateRoot(reader));
    }

    private static string Render(FilterDefinition<RawBsonDocument> filter) => filter.Render(Arguments).ToJson();

    private static string Render(ProjectionDefinition<RawBsonDocument, RawBsonDocument>? projection) =>
        projection?.Render(Arguments).Document.ToJson() ?? "{ }";

    private static RenderArgs<RawBsonDocument> Arguments =>
        new(BsonSerializer.LookupSerializer<RawBsonDocument>(), BsonSerializer.SerializerRegistry);
}
