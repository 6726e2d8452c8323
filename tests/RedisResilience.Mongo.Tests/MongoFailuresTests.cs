using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using RedisResilience.Mongo.Reading;

namespace RedisResilience.Mongo.Tests;

/// <summary>What passes by itself, and what stays until somebody mends it.</summary>
internal sealed class MongoFailuresTests
{
    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("nowhere", 1)));

    private static IEnumerable<TestCaseData<Exception, bool>> Failures =>
    [
        new(new TimeoutException(), true),
        new(new MongoUnavailableException(), true),
        new(new MongoConnectionException(Connection, "lost"), true),
        new(new MongoExecutionTimeoutException(Connection, "late"), true),
        new(Refused(11602), true),
        new(Refused(13435), true),
        new(Refused(133), true),
        new(new MongoAuthenticationException(Connection, "cut off", new IOException()), true),
        new(new MongoAuthenticationException(Connection, "wrong password", Refused(18)), false),
        new(Refused(13), false),
        new(Refused(168), false),
        new(Refused(40415), false),
        new(new FormatException(), false),
    ];

    [TestCaseSource(nameof(Failures))]
    public void Failure_IsAnOutageOrIsNot(Exception failure, bool isAway)
    {
        Assert.That(MongoFailures.IsAway(failure), Is.EqualTo(isAway));
        Assert.That(new MongoFailures().RetryAfter(failure), isAway ? Is.GreaterThan(TimeSpan.Zero) : Is.Null);
    }

    [Test]
    public void RestOfTheBreaker_IsWhenToComeAgain() => Assert.That(
        new MongoFailures().RetryAfter(
            new MongoUnavailableException { RetryAfter = TimeSpan.FromSeconds(7) }), Is.EqualTo(TimeSpan.FromSeconds(7)));

    private static MongoCommandException Refused(int code) => new(Connection, "refused", [], new BsonDocument("code", code));
}
