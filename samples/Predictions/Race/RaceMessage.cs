namespace Predictions.Race;

/// <summary>What the page is told a few times a second.</summary>
/// <param name="Now">The sample's clock, in milliseconds since 1970.</param>
/// <param name="Redis">Whether Redis is in use, in a word.</param>
/// <param name="Reason">Why it is not.</param>
/// <param name="Server">What has been done to the embedded server.</param>
/// <param name="Process">Its process.</param>
/// <param name="SourceReads">How often the source of truth was asked, null where nobody counts.</param>
/// <param name="Events">What has happened since the last message.</param>
internal sealed record RaceMessage(
    long Now, string Redis, string? Reason, string Server, int Process, long? SourceReads, RaceEvent[] Events);
