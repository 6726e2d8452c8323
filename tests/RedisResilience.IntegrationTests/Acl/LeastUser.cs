using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>A service that may do what the page on ACLs says, and nothing else, with a user and a prefix of its own.</summary>
internal sealed class LeastUser : IAsyncDisposable
{
    // What the client itself tries while it connects, and does without.
    private static readonly string[] OfTheClient =
        ["object __Booksleeve", "object config|get", "object cluster|nodes", "object cluster|slots", "object readwrite", "cmd=subscribe"];

    private readonly ConnectionMultiplexer _administrator;
    private readonly string _name;

    private LeastUser(ConnectionMultiplexer administrator, string name, ResilientService service) =>
        (_administrator, _name, Service) = (administrator, name, service);

    public ResilientService Service { get; }

    public static async Task<LeastUser> ConnectAsync(AclRow row, Action<RedisResilienceOptions>? configure = null)
    {
        var address = await AclServers.ConnectionStringAsync(row);
        var administrator = await ConnectionMultiplexer.ConnectAsync($"{address},allowAdmin=true");
        var name = $"u{Guid.NewGuid():N}";
        foreach (var server in administrator.GetServers())
        {
            foreach (var command in AclPage.Commands(row, name))
            {
                await server.ExecuteAsync("ACL", command.Cast<object>().ToArray());
            }
        }

        var service = await ResilientService.ConnectAsync($"{address},user={name},password={AclPage.Password}", options =>
        {
            options.KeyPrefix = $"{name}:";

            // This is about what may be asked, not how soon it is answered.
            options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
            if (row == AclRow.LocalTier)
            {
                options.LocalTier.KeyPrefixes.Add("k");
                options.LocalTier.KeyPrefixes.Add("p");
            }

            configure?.Invoke(options);
        });
        var user = new LeastUser(administrator, name, service);
        if (row == AclRow.LocalTier)
        {
            await user.UntilTrackedAsync();
        }

        return user;
    }

    /// <summary>Nothing of it has been refused but what the client does without, and the library has noticed no refusal.</summary>
    public async Task AssertNothingRefusedAsync()
    {
        Assert.That(Service.Status.Current.Refusal, Is.Null);
        foreach (var server in _administrator.GetServers())
        {
            var refused = ((RedisResult[])(await server.ExecuteAsync("ACL", "LOG"))!)
                .Select(entry => string.Join(' ', ((RedisResult[])entry!).Select(part => $"{part}")));
            Assert.That(
                refused.Where(entry => entry.Contains(_name, StringComparison.Ordinal)
                    && !OfTheClient.Any(own => entry.Contains(own, StringComparison.Ordinal))),
                Is.Empty);
        }
    }

    private async Task UntilTrackedAsync()
    {
        try
        {
            await Until.TrueAsync(
                () => Service.Status.Current.LocalTier == LocalTierMode.Tracking,
                () => $"The server does not tell: {Service.Status.Current}");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        foreach (var server in _administrator.GetServers())
        {
            await server.ExecuteAsync("ACL", "DELUSER", _name);
        }

        await _administrator.DisposeAsync();
    }
}
