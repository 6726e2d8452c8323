using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What a member is at the moment, and with that what it may be asked.</summary>
/// <param name="IsPrimary">Whether the others take it for the primary.</param>
/// <param name="IsFormer">Whether it was cut off from the others, and takes itself for the primary.</param>
/// <param name="Term">The election that it knows of.</param>
internal readonly record struct WireRole(bool IsPrimary, bool IsFormer, int Term)
{
    private static readonly HashSet<string> OfAnyMember =
        ["ping", "buildInfo", "endSessions", "killSessions", "refreshSessions", "getMore", "killCursors"];

    private static readonly HashSet<string> Reads = ["find", "aggregate"];

    /// <exception cref="WireException">It may not be asked this.</exception>
    public void Check(string name, BsonDocument command, Fault? fault)
    {
        if (fault == Fault.NotAuthorized)
        {
            throw new WireException(13, "Unauthorized", "not authorized");
        }

        var saysNotPrimary = fault == Fault.NotPrimary;
        if (!saysNotPrimary && (IsPrimary || OfAnyMember.Contains(name) || (IsFormer && Reads.Contains(name))))
        {
            return;
        }

        var mode = command.GetValue("$readPreference", new BsonDocument()).AsBsonDocument.GetValue("mode", "primary").AsString;
        if (saysNotPrimary || !Reads.Contains(name))
        {
            throw WireException.NotPrimary();
        }

        if (mode == "primary")
        {
            throw WireException.NotPrimaryNoSecondaryOk();
        }
    }
}
