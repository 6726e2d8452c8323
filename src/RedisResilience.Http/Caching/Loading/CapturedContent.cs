using System.Net;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>The content of a response that is stored while its first reader reads it.</summary>
internal sealed class CapturedContent : HttpContent
{
    private readonly CapturedStream _stream;

    /// <param name="content">The original content.</param>
    /// <param name="body">Its body.</param>
    /// <param name="leave">Called when the reader leaves.</param>
    public CapturedContent(HttpContent content, CapturedBody body, Action leave)
    {
        _stream = new CapturedStream(body, leave);
        foreach (var (name, lines) in content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, lines);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _stream.CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _stream.CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_stream);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _stream;

    // The header fields have the length, if the origin has announced it.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
