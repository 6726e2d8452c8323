using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>One request's run of its endpoint, which answers the request and is the source that the cache asks.</summary>
/// <remarks>
/// The cache has its answer when the body is whole, or at once when there will be nothing to store; the client has its own when the request says so
/// (<see cref="SendAsync"/>). The request must not end before its run: the run uses its context.
/// </remarks>
internal sealed class EndpointRun : IDisposable
{
    private const int Idle = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private readonly HttpContext _context;
    private readonly RequestDelegate _next;
    private readonly ResponseCapture _capture;
    private readonly StorageDecision _decision;
    private readonly TaskCompletionSource<SourceResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private Task _ended = Task.CompletedTask;
    private ExceptionDispatchInfo? _exception;
    private bool _hasFailed;

    public EndpointRun(HttpContext context, RequestDelegate next, int maximumLength, Func<ResponseCapture, StorageDecision> decide)
    {
        _context = context;
        _next = next;
        _capture = new ResponseCapture(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), maximumLength, () => _answer.TrySetResult(SourceResponse.NotShared));
        _decision = decide(_capture);
    }

    /// <summary>The source. The cache may call it when the request is gone: then it has nothing to give.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Idle) != Idle)
        {
            return new ValueTask<SourceResponse>(SourceResponse.NotShared);
        }

        Start(cancellationToken);
        return new ValueTask<SourceResponse>(_answer.Task);
    }

    /// <summary>Runs the endpoint without a cache that waits for it.</summary>
    public void Start(CancellationToken cancellationToken) => _ended = RunAsync(cancellationToken);

    /// <summary>Whether the endpoint has not run, and never will in this run.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Idle) != Begun;

    /// <summary>Sends the endpoint's response, or throws what the endpoint has thrown.</summary>
    public async Task SendAsync()
    {
        await _ended.ConfigureAwait(false);
        _exception?.Throw();
        await _capture.SendAsync(_context.Response).ConfigureAwait(false);
    }

    /// <summary>Whether the endpoint has thrown, or answered with an error, and the client has seen nothing of it.</summary>
    public async ValueTask<bool> HasFailedAsync()
    {
        await _ended.ConfigureAwait(false);
        return _hasFailed;
    }

    /// <summary>Takes back what a failed endpoint has said, so that another response can be sent.</summary>
    /// <returns>What it has thrown; null when it has answered with an error.</returns>
    public Exception? Withdraw()
    {
        _decision.Withdraw();
        _context.Response.Clear();
        return _exception?.SourceException;
    }

    // A response that has not started yet may still become another's: an empty 404 that a fallback further out answers.
    public void Dispose()
    {
        _decision.Withdraw();
        _capture.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again by SendAsync, unless there is a stale response to serve instead.")]
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Registered before the endpoint runs, and so called after its own callbacks: a session's cookie is seen.
            _context.Response.OnStarting(static state => ((StorageDecision)state).AnnounceAsync(), _decision);
            using var scope = new FillScope(_context, _capture, cancellationToken);
            await _next(_context).ConfigureAwait(false);
            _capture.End();
            scope.Dispose();
            _answer.TrySetResult(await AnswerAsync(scope.RequestAborted.IsCancellationRequested).ConfigureAwait(false));
        }
        catch (EndpointFailedException exception)
        {
            _hasFailed = true;
            Fail(exception);
        }
        catch (Exception exception)
        {
            _hasFailed = !_context.Response.HasStarted;
            _exception = ExceptionDispatchInfo.Capture(exception);
            _decision.Withdraw();
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        // Looked at, for it may be that no cache waits for it.
        _answer.TrySetException(exception);
        _ = _answer.Task.Exception;
    }

    private async ValueTask<SourceResponse> AnswerAsync(bool isAborted)
    {
        if (!_decision.IsPossible(isAborted))
        {
            return StorageRules.IsFailure(_context.Response.StatusCode) && _capture.IsWhole
                ? throw new EndpointFailedException(_context.Response.StatusCode)
                : SourceResponse.NotShared;
        }

        if (_capture.Body.Length > 0 || _context.Response.StatusCode == StatusCodes.Status200OK)
        {
            await _capture.BeginAsync().ConfigureAwait(false);
        }

        return _decision.ToSource();
    }
}
