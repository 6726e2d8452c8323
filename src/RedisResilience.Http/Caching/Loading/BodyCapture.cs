using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Http.Caching.Loading;

/// <summary>Reads a response's body. Its caller reads along as it arrives, and the cache gets it when it is complete.</summary>
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

    /// <summary>Completes when the body has ended, with how it has ended. It never throws.</summary>
    public Task<CaptureState> Completion { get; private set; } = Task.FromResult(CaptureState.Failed);

    /// <summary>The body, once it is complete.</summary>
    public ReadOnlyMemory<byte> Whole { get; private set; }

    /// <summary>Begins to read a response's body, and replaces the response's content by one that reads along.</summary>
    /// <param name="response">The response.</param>
    /// <param name="options">The options, with the largest body that is kept.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="readsOnFor">How long to read on after the caller has left.</param>
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

    /// <summary>Waits for the body for a while, and returns whether it has broken off.</summary>
    public async ValueTask<bool> BreaksOffAsync(TimeSpan patience)
    {
        await _origin.WaitAsync(Completion, patience).ConfigureAwait(false);
        return Completion.IsCompleted && await Completion.ConfigureAwait(false) == CaptureState.Failed;
    }

    /// <summary>Leaves the body to its caller. From now on, the token of <see cref="BeginAsync"/> has no effect.</summary>
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

    // Other callers may wait for the same response, so it is read on for a while.
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
