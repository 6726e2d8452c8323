namespace Predictions.Race;

/// <summary>A request was sent, or has been answered.</summary>
/// <param name="Lane">Who is asked.</param>
/// <param name="Number">Which request of the lane.</param>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="Took">How long it took, in milliseconds; null when it was sent.</param>
/// <param name="How">Where the answer came from: <c>cache</c>, <c>source</c>, or <c>failed</c>.</param>
internal sealed record RaceEvent(string Lane, int Number, long Time, double? Took, string? How);
