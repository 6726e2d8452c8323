using System.Text.Json;
using RedisResilience.Caching;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Serving;

/// <summary>Builds the messages to pages. The message of a second is written once for all viewers.</summary>
internal sealed class Messages(About about, TransitionJournal transitions, ICacheUsage? usage, Configured configured,
    IReadOnlyList<IRedisStatus> others)
{
    private volatile Written? _latest;

    public byte[] First(Second[] seconds, Moment moment) =>
        Frame("first", JsonSerializer.SerializeToUtf8Bytes(new FirstMessage(
            about, LiveAt(moment), seconds, configured.Policies(), configured.Endpoints()), MessageJson.Default.FirstMessage));

    public byte[] Next(Moment moment)
    {
        var latest = _latest;
        if (latest?.Moment != moment)
        {
            var message = new NextMessage(LiveAt(moment), moment.Second);
            _latest = latest = new Written(
                moment, Frame("second", JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Default.NextMessage)));
        }

        return latest.Bytes;
    }

    private static byte[] Frame(string name, byte[] json) =>
        [.. "event: "u8, .. System.Text.Encoding.ASCII.GetBytes(name), .. "\ndata: "u8, .. json, .. "\n\n"u8];

    private static string Describe(LocalTierMode mode) => mode switch
    {
        LocalTierMode.Tracking => "told by the server",
        LocalTierMode.Messages => "told by the processes",
        LocalTierMode.TimeToLiveAlone => "told by nobody",
        LocalTierMode.Suspended => "suspended",
        _ => "off",
    };

    private static ServerRow RowOf(in RedisStatus status) =>
        new(status.Name ?? "", WordOf(status.Availability), status.Reason, status.RoundTrip?.TotalMilliseconds);

    private static string WordOf(RedisAvailability availability) => JsonNamingPolicy.CamelCase.ConvertName(availability.ToString());

    private Live LiveAt(Moment moment)
    {
        var status = moment.Status;
        var name = status.Name ?? "";
        var latest = transitions.Latest;
        var isAvailable = status.Availability == RedisAvailability.Available;
        return new Live(
            name,
            WordOf(status.Availability),
            status.Reason,
            latest.LastOrDefault(transition => transition.Server == name) is { } last && last.IsInUse == isAvailable
                ? last.Time : about.StartedAt,
            status.RoundTrip?.TotalMilliseconds,
            status.CommandDeadline.TotalMilliseconds,
            status.IsFar,
            status.ShardsAway,
            Describe(status.LocalTier),
            [.. others.Select(other => RowOf(other.Current))],
            latest,
            [.. usage?.Namespaces ?? []],
            [.. moment.Denied.Select(
                denied => new DeniedRow(denied.Id, about.ShowsKeys ? denied.Key : null, denied.Policy, denied.Times, denied.Until))]);
    }

    private sealed record Written(Moment Moment, byte[] Bytes);
}
