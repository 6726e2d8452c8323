namespace RedisResilience.Mongo.Tests;

/// <summary>Which ids a store takes.</summary>
internal sealed class DocumentIdTests : StoreFixture
{
    // Not test cases: an attribute's arguments are UTF-8 and would lose the lone surrogates.
    [Test]
    public void BadId_IsRefusedBeforeMongoIsAsked([ValueSource(nameof(BadIds))] string? id) => AssertRefused(id!);

    private static string?[] BadIds => [null, "", "a\nb", "\u0000", "\u0085", "\ud800", "a\udc00b"];

    [Test]
    public async Task LongestId_LeavesRoomForPrefixAndColon()
    {
        var longest = new string('x', RedisKeyLimits.MaximumLength - "forecasts:v1:".Length);

        await Store.DeleteAsync(longest);

        Assert.That(Journal, Does.Contain($"remove forecasts:v1:{longest}"));
        Journal.Clear();
        AssertRefused(longest + "x");
    }

    private void AssertRefused(string id)
    {
        var store = Store;

        Assert.Multiple(() =>
        {
            Assert.That(async () => await store.GetAsync(id), Refusal);
            Assert.That(async () => await store.ReadAsync(id), Refusal);
            Assert.That(async () => await store.ReplaceAsync(id, "{}"u8.ToArray()), Refusal);
            Assert.That(async () => await store.DeleteAsync(id), Refusal);
            Assert.That(Journal, Is.Empty);
        });
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refusal =>
        Throws.InstanceOf<ArgumentException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("id");
}
