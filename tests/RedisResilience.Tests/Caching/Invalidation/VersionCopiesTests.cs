using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>Answers that come out of their order do not bring back a version from before an acknowledged removal.</summary>
internal sealed class VersionCopiesTests
{
    private readonly List<TaskCompletionSource<Answer<long>>> _asked = [];
    private readonly FakeTimeProvider _clock = new();
    private readonly VersionCopies _copies;

    public VersionCopiesTests()
    {
        var store = new Mock<IEntryStore>();
        store.Setup(it => it.Since(It.IsAny<long>())).Returns(store.Object);
        store.Setup(it => it.VersionAsync("tag:x", It.IsAny<VersionChange>(), It.IsAny<TimeSpan>(), default)).Returns(() =>
        {
            _asked.Add(new TaskCompletionSource<Answer<long>>());
            return new ValueTask<Answer<long>>(_asked[^1].Task);
        });
        _copies = new VersionCopies(store.Object, "tag:", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), _clock);
    }

    [Test]
    public async Task LateAnswerToALoad_IsNotTakenForWhatTheRemovalHasMade([Values] bool isAskedLater)
    {
        var removing = _copies.ReplaceAsync("x", default);
        _clock.Advance(TimeSpan.FromMilliseconds(isAskedLater ? 1 : 0));
        var loading = _copies.EnsureAsync("x", TimeSpan.FromMinutes(1), since: null);
        _asked[0].SetResult(new Answer<long>(7));
        Assert.That(await removing, Is.True);
        _asked[1].SetResult(new Answer<long>(-5));
        Assert.That(await loading, Is.EqualTo(-5));

        Assert.That(await _copies.GetAsync("x"), Is.EqualTo(7));
    }

    [Test]
    public async Task OfTwoRemovals_TheLaterCounts()
    {
        var first = _copies.ReplaceAsync("x", default).AsTask();
        var second = _copies.ReplaceAsync("x", default).AsTask();
        _asked[1].SetResult(new Answer<long>(8));
        Assert.That(await second, Is.True);
        _asked[0].SetResult(new Answer<long>(7));
        Assert.That(await first, Is.True);

        Assert.That(await _copies.GetAsync("x"), Is.EqualTo(8));
    }
}
