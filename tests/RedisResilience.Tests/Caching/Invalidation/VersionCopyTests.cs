using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Invalidation;

/// <summary>Whoever asks for a version while Redis is known to be away waits for no answer that somebody else has asked for.</summary>
internal sealed class VersionCopyTests
{
    [Test]
    public async Task QuestionUnderWay_IsJoinedOnlyWhileTheStoreIsThere([Values] bool isAway)
    {
        var underWay = new TaskCompletionSource<Answer<long>>();
        var store = new Mock<IEntryStore>();
        store.Setup(it => it.VersionAsync("key", VersionChange.Look, TimeSpan.Zero, default)).Returns(() =>
            store.Object.IsAway ? new ValueTask<Answer<long>>(new Answer<long>(Fault.CircuitOpen)) : new(underWay.Task));
        var copy = new VersionCopy("key", store.Object, new FakeTimeProvider());
        var first = copy.RefreshAsync();

        store.Setup(it => it.IsAway).Returns(isAway);
        var second = copy.RefreshAsync();

        Assert.That(second.IsCompleted, Is.EqualTo(isAway));
        underWay.SetResult(new Answer<long>(7));
        Assert.That((await first, await second), Is.EqualTo((true, !isAway)));
    }
}
