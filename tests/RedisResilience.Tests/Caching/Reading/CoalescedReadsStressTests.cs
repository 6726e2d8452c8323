using CsCheck;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>Readers on all cores, some of whom lose patience, against buffers that are spoilt when they are given back.</summary>
internal sealed class CoalescedReadsStressTests
{
    private const int Readers = 24;
    private static readonly string[] Keys = ["a", "b"];

    [Test]
    public async Task BufferInUse_IsNeverGivenBack_AndEveryBufferIsOnce()
    {
        var redis = new RacingRedis();
        var reads = new CoalescedReads(redis.Gateway, maximumEntrySize: 1 << 20, TimeProvider.System);
        var rounds = (int)Rounds.Of(2_000, 100_000);
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(
            reader => Task.Run(() => ReadAsync(reads, redis, rounds, seed: (uint)reader)))).WaitAsync(Patience.Limit * (rounds / 2_000));
        await redis.IdleAsync();
        Assert.That(redis.Lent.Select(buffer => buffer.Returns), Is.All.EqualTo(1));
        Assert.That(redis.Lent, Has.Count.LessThan(Readers * rounds), "nothing was shared");
    }

    private static async Task ReadAsync(CoalescedReads reads, RacingRedis redis, int rounds, uint seed)
    {
        var dice = new PCG(seed);
        for (var round = 0; round < rounds; round++)
        {
            var choice = dice.Next() % 16;
            using var cancellation = choice == 0 ? new CancellationTokenSource() : null;
            var atLeast = redis.Written;
            var read = reads.ReadAsync(Keys[choice & 1], withTimeToLive: false, cancellation?.Token ?? default);
            if (cancellation is not null && dice.Next() % 2 == 0)
            {
                await cancellation.CancelAsync();
            }

            try
            {
                Check(await read, atLeast);
            }
            catch (OperationCanceledException) when (cancellation is not null)
            {
            }
        }
    }

    // The body is a version in every byte: a torn or spoilt one has different bytes, a stale one is older than what had been written before
    // the read.
    private static void Check(Answer<StoredEntry> answer, int atLeast)
    {
        var body = answer.Value.Payload.Bytes;
        var version = BitConverter.ToInt32(body.Span);
        for (var at = 0; at < body.Length; at += sizeof(int))
        {
            Assert.That(BitConverter.ToInt32(body.Span[at..]), Is.EqualTo(version), "the buffer was given back under its reader");
        }

        Assert.That(version, Is.GreaterThanOrEqualTo(atLeast), "the read knows less than had been acknowledged before it began");
        answer.Value.Payload.Owner!.Dispose();
        if (answer.Value.Payload.Owner is not LentBuffer)
        {
            // Once more, by mistake: it must not count for another reader of the buffer.
            answer.Value.Payload.Owner!.Dispose();
        }
    }
}
