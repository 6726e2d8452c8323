using System.Net;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>The content of a response that is stored while its first reader reads it.</summary>
internal sealed class CapturedContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly CapturedStream _stream;

    /// <param name="content">What came; disposed with this.</param>
    /// <param name="body">Its body.</param>
    /// <param name="close">Called when the reader goes.</param>
    public CapturedContent(HttpContent content, CapturedBody body, Action close)
    {
        _content = content;
        _stream = new CapturedStream(body, close);
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

    // The length is in the fields, if the other side has said it.
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
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
