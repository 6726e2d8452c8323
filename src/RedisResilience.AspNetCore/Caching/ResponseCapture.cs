using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Stands in for the server's response body while an endpoint writes what may be stored.</summary>
internal sealed class ResponseCapture : IHttpResponseBodyFeature, IDisposable
{
    private readonly HttpResponse _response;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly CaptureBuffer _buffer = new();
    private readonly CaptureWriter _writer;
    private Stream? _stream;

    public ResponseCapture(HttpResponse response, IHttpResponseBodyFeature inner, int maximumLength)
    {
        _response = response;
        _inner = inner;
        _writer = new CaptureWriter(inner, _buffer, maximumLength);
    }

    /// <summary>Whether the endpoint has written all that it will, and all of it is here.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Why the body is not here but has gone straight through; null if it has not.</summary>
    public string? PassedThrough => _writer.PassedThrough;

    public ReadOnlyMemory<byte> Body => _buffer.Written;

    public PipeWriter Writer => _writer;

    public Stream Stream => _stream ??= _writer.AsStream(leaveOpen: true);

    public void DisableBuffering()
    {
        _writer.PassThrough("streamed");
        _inner.DisableBuffering();
    }

    // The header fields are not sent before the body is known, for they say what becomes of it.
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        PassedThrough is null ? Task.CompletedTask : _inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        PassedThrough is null
            ? SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken)
            : _inner.SendFileAsync(path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await FinishAsync().ConfigureAwait(false);
        await _inner.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Sends what was held back, if anything was.</summary>
    public async Task FinishAsync()
    {
        if (PassedThrough is not null || IsWhole)
        {
            return;
        }

        IsWhole = true;
        if (_response.StatusCode == StatusCodes.Status200OK)
        {
            // Runs the OnStarting callbacks on a body of which no byte is sent yet: it can still become a 304.
            await _inner.StartAsync().ConfigureAwait(false);
        }

        if (_buffer.Length > 0 && _response.StatusCode != StatusCodes.Status304NotModified)
        {
            await _inner.Writer.WriteAsync(Body).ConfigureAwait(false);
        }
    }

    // A response that has not started yet may still become another's: an empty 404 that a fallback further out answers.
    public void Dispose()
    {
        IsWhole = false;
        _buffer.Dispose();
    }
}
