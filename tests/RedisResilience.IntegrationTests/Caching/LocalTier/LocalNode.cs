using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Caching;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Caching.LocalTier;

/// <summary>One process with a local tier, whose copies live for an hour unless somebody tells of a change.</summary>
internal sealed class LocalNode : IAsyncDisposable
{
    public const string KeyPrefix = "app:";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RedisGateway _gateway;
    private readonly LocalEntries _local;
    private readonly CoalescedReads _reads;

    public LocalNode(string connectionString)
    {
        var options = new RedisResilienceOptions
        {
            KeyPrefix = KeyPrefix,
            CommandDeadline = TimeSpan.FromSeconds(5),
            MaximumCommandDeadline = TimeSpan.FromSeconds(5),
            LocalTier = { KeyPrefixes = { "kept:" }, MaximumStaleness = TimeSpan.FromHours(1) },
        };
        _gateway = new RedisGateway(ConfigurationOptions.Parse(connectionString), options, TimeProvider.System, NullLogger.Instance);
        _local = new LocalEntries(options.LocalTier, _gateway, TimeProvider.System);
        _reads = new CoalescedReads(_gateway, options.MaximumEntrySize, TimeProvider.System, _local);
        _gateway.Listen(_local, _local.NewsPrefixes);
    }

    public LocalTierMode Mode => _gateway.Current.LocalTier;

    public async Task<LocalNode> UntilAsync(LocalTierMode mode)
    {
        await UntilAsync(() => ValueTask.FromResult(Mode == mode), $"the mode is {mode}");
        return this;
    }

    public async ValueTask<string?> ReadAsync(string key)
    {
        var answer = await _reads.ReadAsync(new EntryRead(key, StartedAt: 0));
        using var owner = answer.Value.Payload.Owner;
        return answer.Value.Payload.Exists ? Encoding.UTF8.GetString(answer.Value.Payload.Bytes.Span) : null;
    }

    public bool HasCopy(string key) => _local.TryGet(key, out _);

    public async Task SetAsync(string key, string value)
    {
        // The mode may be found before the circuit has closed.
        await UntilAsync(
            async () => (await _gateway.SetAsync(new RedisKeyPrefix(
                KeyPrefix), key, Encoding.UTF8.GetBytes(value), TimeSpan.FromHours(2), CancellationToken.None)).IsAnswered,
            $"{key} is stored");
        _local.Change(key);
    }

    /// <summary>Waits until the node reads a value: not through the end of its copy, which is an hour away.</summary>
    public Task UntilReadAsync(string key, string? value) => UntilAsync(async () => await ReadAsync(key) == value, $"{key} is {value}");

    /// <summary>Reads until there is a copy, whatever news is still on its way.</summary>
    public Task UntilKeptAsync(string key) => UntilAsync(
        async () =>
        {
            await ReadAsync(key);
            return HasCopy(key);
        },
        $"{key} is kept");

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private static async Task UntilAsync(Func<ValueTask<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
            {
                Assert.Fail($"Waited in vain until {what}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
