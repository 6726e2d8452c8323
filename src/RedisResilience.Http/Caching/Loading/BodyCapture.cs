using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>The reading of a response's body: its reader has it as it comes, and the cache has it when it is whole.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The reader may leave at the "
    + "moment in which the body ends, and a source of tokens without a timer needs no disposal.")]
internal sealed class BodyCapture
{
    private readonly CancellationTokenSource _reading = new();
    private readonly HttpContent _content;
    private readonly HttpCacheOrigin _origin;
    private readonly TimeSpan _readsOnFor;
    private readonly CancellationTokenRegistration _ending;
    private bool _isLeft;

    private BodyCapture(HttpContent content, HttpCacheOrigin origin, TimeSpan readsOnFor, CancellationToken cancellationToken)
    {
        (_content, _origin, _readsOnFor) = (content, origin, readsOnFor);
        _ending = cancellationToken.UnsafeRegister(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading);
    }

    /// <summary>The end of the body, and how it has ended. It never throws.</summary>
    public Task<CaptureState> Completion { get; private set; } = Task.FromResult(CaptureState.Failed);

    /// <summary>What was read, once the body is complete.</summary>
    public ReadOnlyMemory<byte> Whole { get; private set; }

    /// <summary>Begins to read a response's body, and gives the response a content that reads along.</summary>
    /// <param name="response">The response.</param>
    /// <param name="options">The largest body that is kept.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="readsOnFor">How long the body is read on after its reader has left.</param>
    /// <param name="cancellationToken">Breaks the body off, until <see cref="HandOver"/>.</param>
    public static async ValueTask<BodyCapture> BeginAsync(
        HttpResponseMessage response, HttpCacheOptions options, HttpCacheOrigin origin, TimeSpan readsOnFor,
        CancellationToken cancellationToken)
    {
        var capture = new BodyCapture(response.Content, origin, readsOnFor, cancellationToken);
        var stream = await response.Content.ReadAsStreamAsync(capture._reading.Token).ConfigureAwait(false);
        var body = new CapturedBody(stream, response.Content.Headers.ContentLength, options.MaximumBodySize);
        response.Content = new CapturedContent(response.Content, body, capture.Leave);
        capture.Completion = capture.ReadAsync(body);
        return capture;
    }

    /// <summary>Waits for the body for as long as for a response, and tells whether it has broken off meanwhile.</summary>
    public async ValueTask<bool> BreaksOffAsync(TimeSpan patience)
    {
        await _origin.WaitAsync(Completion, patience).ConfigureAwait(false);
        return Completion.IsCompleted && await Completion.ConfigureAwait(false) == CaptureState.Failed;
    }

    /// <summary>Leaves the body to its reader: from now on it ends with nobody else's patience.</summary>
    public void HandOver() => _ending.Unregister();

    private async Task<CaptureState> ReadAsync(CapturedBody body)
    {
        var state = await body.CompleteAsync(_reading.Token).ConfigureAwait(false);
        Whole = state == CaptureState.Complete ? body.Whole : default;
        return state;
    }

    private void Leave()
    {
        if (!Interlocked.Exchange(ref _isLeft, true))
        {
            _ = EndAsync();
        }
    }

    // Others may wait for the same response, and the next request wants it: it is read on for a while.
    private async Task EndAsync()
    {
        await _origin.WaitAsync(Completion, _readsOnFor).ConfigureAwait(false);
        if (!Completion.IsCompleted)
        {
            await _reading.CancelAsync().ConfigureAwait(false);
        }

        _content.Dispose();
    }
}
