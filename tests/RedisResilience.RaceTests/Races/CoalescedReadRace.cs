using System.Diagnostics.CodeAnalysis;
using Moq;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.Tests.Caching.Reading;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.RaceTests.Races;

/// <summary>Readers of one key, one of whom leaves, while it is written: nobody reads what is older than his call, or a buffer that has
/// been given back, and every buffer goes back once.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class CoalescedReadRace : Race
{
    private const int Readers = 4;
    private const int Reads = 2;

    private readonly List<LentBuffer> _lent = [];
    private readonly CancellationTokenSource _leaving = new();
    private Interleaving _run = null!;
    private CoalescedReads _reads = null!;
    private int _version;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var gateway = GatewayStub.Create();
        gateway.Setup(static stub => stub.GetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<Payload>>(AnswerAsync()));
        _reads = new CoalescedReads(gateway.Object, maximumEntrySize: 1 << 20, run.Clock);
        for (var reader = 0; reader < Readers; reader++)
        {
            var token = reader == 0 ? _leaving.Token : CancellationToken.None;
            run.Start(() => ReadAsync(token));
        }

        run.Start(() => Points.Cancel(_leaving));
        run.Start(WriteAsync);
    }

    public override void Check() =>
        Interleaving.Require(_lent.TrueForAll(static buffer => buffer.Returns == 1), "a buffer went back twice, or never");

    private async Task WriteAsync()
    {
        for (var write = 0; write < 3; write++)
        {
            await _run.YieldAsync();
            _version++;
        }
    }

    private async Task ReadAsync(CancellationToken token)
    {
        for (var read = 0; read < Reads; read++)
        {
            var atLeast = _version;
            try
            {
                var answer = await _reads.ReadAsync(new EntryRead("key", StartedAt: 0, token));
                Interleaving.Require(answer.IsAnswered, "a read has no answer");
                _run.Reach();
                var body = answer.Value.Payload.Bytes.Span;
                Interleaving.Require(body[0] == body[^1] && body[0] != 0xDD, "a buffer was given back under its reader");
                Interleaving.Require(body[0] >= atLeast, "a read is older than its call");
                answer.Value.Payload.Owner!.Dispose();
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<Answer<Payload>> AnswerAsync()
    {
        await _run.YieldAsync();
        var buffer = new LentBuffer([(byte)_version, 0, 0, (byte)_version]);
        _lent.Add(buffer);
        await _run.YieldAsync();
        return new Answer<Payload>(new Payload(Exists: true, buffer.Memory, buffer));
    }
}
