using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Bulk;

namespace RedisResilience.IntegrationTests.Acl;

/// <summary>Many keys at once, with the rights that the page names and no others.</summary>
[TestFixture(AclRow.Least)]
[TestFixture(AclRow.LocalTier)]
[TestFixture(AclRow.Cluster)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LeastBulkContractTests(AclRow row) : BulkContract
{
    private LeastUser? _user;

    protected override IResponseCache Cache => _user!.Service.Cache;

    [SetUp]
    public async Task Connect() => _user = await LeastUser.ConnectAsync(row);

    [TearDown]
    public async Task Disconnect()
    {
        await using var user = _user;
        await (user?.AssertNothingRefusedAsync() ?? Task.CompletedTask);
    }
}
