using System.Net;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.RateLimiting;

/// <summary>A response's content that holds its permit until it is read to its end or disposed.</summary>
internal sealed class LeasedContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly ConcurrencyLease _lease;

    public LeasedContent(HttpContent content, ConcurrencyLease lease)
    {
        (_content, _lease) = (content, lease);

        // A length that is not said but known stands among the fields once it has been asked for.
        _ = content.Headers.ContentLength;
        foreach (var (name, lines) in content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, lines);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _content.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
        _lease.Dispose();
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _content.CopyTo(stream, context, cancellationToken);
        _lease.Dispose();
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new LeasedStream(await _content.ReadAsStreamAsync().ConfigureAwait(false), _lease);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new LeasedStream(await _content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _lease);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new LeasedStream(_content.ReadAsStream(cancellationToken), _lease);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lease.Dispose();
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
