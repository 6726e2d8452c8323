using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Contracts;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>Removals, with the rights that the page names and no others.</summary>
[TestFixture(AclRow.Least)]
[TestFixture(AclRow.LocalTier)]
[TestFixture(AclRow.Cluster)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeastRemovalContractTests(AclRow row) : RemovalContract
{
    private LeastUser? _user;

    [TearDown]
    public async Task Disconnect()
    {
        await using var user = _user;
        await (user?.AssertNothingRefusedAsync() ?? Task.CompletedTask);
    }

    protected override async Task<IResponseCache> CreateAsync()
    {
        _user = await LeastUser.ConnectAsync(row, options => options.MaximumVersionAge = TimeSpan.Zero);
        return _user.Service.Cache;
    }
}
