using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.AspNetCore.Caching.Rules;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Stands in for the server's response body while an endpoint writes what may be stored.</summary>
internal sealed class ResponseCapture : IHttpResponseBodyFeature, IDisposable
{
    private readonly IHttpResponseBodyFeature _inner;
    private readonly CaptureBuffer _buffer = new();
    private readonly CaptureWriter _writer;
    private Stream? _stream;
    private bool _isSent;

    /// <param name="response">The response, whose body goes in the end where it would go now.</param>
    /// <param name="maximumLength">A longer body goes straight through.</param>
    /// <param name="time">Tells whether the endpoint goes on after a flush.</param>
    /// <param name="onBegin">Called when the endpoint begins with the body, or says that the response begins.</param>
    /// <param name="onPassThrough">Called when the body begins to go straight through.</param>
    public ResponseCapture(HttpResponse response, int maximumLength, TimeProvider time, Action onBegin, Action onPassThrough)
    {
        _inner = response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _writer = new CaptureWriter(response, _inner, _buffer, maximumLength, time, onBegin, onPassThrough);
    }

    /// <summary>Whether the endpoint has written all that it will, and all of it is here.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Why the body is not here but has gone straight through; null if it has not.</summary>
    public Reason? PassedThrough => _writer.PassedThrough;

    public ReadOnlyMemory<byte> Body => _buffer.Written;

    public PipeWriter Writer => _writer;

    public Stream Stream => _stream ??= _writer.AsStream(leaveOpen: true);

    /// <summary>The body's memory for one more reader.</summary>
    public IDisposable Share() => _buffer.Share();

    /// <summary>Takes a body that the endpoint has not written but confirmed.</summary>
    public void Replace(ReadOnlyMemory<byte> body) => _buffer.Replace(body.Span);

    public void DisableBuffering()
    {
        _writer.PassThrough(Reason.Streamed);
        _inner.DisableBuffering();
    }

    // The header fields are not sent before the body is known, for they say what becomes of it.
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        _writer.IsPassedThrough() ? _inner.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _writer.IsPassedThrough()
            ? _inner.SendFileAsync(path, offset, count, cancellationToken)
            : SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    // What is held back is sent when the endpoint has returned.
    public Task CompleteAsync() => PassedThrough is null ? Task.CompletedTask : CompletePassedThroughAsync();

    /// <summary>The endpoint waits for the first time.</summary>
    public void OnWait() => _writer.OnWait();

    /// <summary>The endpoint has failed: what it has written and flushed is not sent because of that.</summary>
    public void Close() => _writer.Close();

    /// <summary>The endpoint has returned. Whoever writes later has forgotten to wait, and must not change what is being stored.</summary>
    public async ValueTask EndAsync()
    {
        await _writer.EndAsync().ConfigureAwait(false);
        IsWhole = PassedThrough is null;
    }

    /// <summary>
    /// Sends the header fields of a response with a body. The callbacks of the response run before any byte of the body is sent, so it can
    /// still become a 304.
    /// </summary>
    /// <returns>Whether the fields were sent. False if middleware further out buffers the body.</returns>
    public async ValueTask<bool> TryBeginAsync(HttpResponse response)
    {
        if (Body.Length > 0)
        {
            await _inner.StartAsync().ConfigureAwait(false);
        }

        return response.HasStarted;
    }

    /// <summary>Sends what was held back, if anything was.</summary>
    public async Task SendAsync(HttpResponse response)
    {
        var hasBody = _buffer.Length > 0
            && response.StatusCode is not (StatusCodes.Status304NotModified or StatusCodes.Status412PreconditionFailed)
            && !HttpMethods.IsHead(response.HttpContext.Request.Method);
        if (PassedThrough is null && !_isSent && hasBody)
        {
            _isSent = true;
            await _inner.Writer.WriteAsync(Body).ConfigureAwait(false);
        }
    }

    public void Dispose() => _buffer.Dispose();

    private async Task CompletePassedThroughAsync()
    {
        await _writer.FlushAsync().ConfigureAwait(false);
        await _inner.CompleteAsync().ConfigureAwait(false);
    }
}
