using Predictions.Source;

namespace RedisResilience.Tests.Predictions;

public sealed class EmbeddedPredictionSourceTests
{
    private static EmbeddedPredictionSource Source =>
        new([KeyValuePair.Create("B", new byte[] { 1 }), KeyValuePair.Create("A", new byte[] { 2 })]);

    [Test]
    public async Task Read_IsCounted_AlsoWhenThereIsNothing()
    {
        var source = Source;

        Assert.That((await source.ReadAsync("B", default))!.Value.ToArray(), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await source.ReadAsync("C", default), Is.Null);
        Assert.That(source.Reads, Is.EqualTo(2));
    }

    [Test]
    public async Task Replaced_IsReadFromThenOn_AndNotChangedByItsWriter()
    {
        var source = Source;
        byte[] document = [7];

        await source.ReplaceAsync("A", document, default);
        document[0] = 8;

        Assert.That((await source.ReadAsync("A", default))!.Value.ToArray(), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public async Task List_IsSorted_AndNoRead()
    {
        var source = Source;

        Assert.That(await source.ListAsync(default), Is.EqualTo(["A", "B"]));
        Assert.That(source.Reads, Is.Zero);
    }
}
