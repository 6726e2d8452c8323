using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>One request's run of its endpoint, which answers the request and is the source that the cache asks.</summary>
/// <remarks>
/// The cache gets its answer when the response is certain, or as soon as it is clear that nothing will be stored. The client gets the
/// response with <see cref="SendAsync"/>. The request must not end before its run, which uses its context.
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
    private readonly Revalidation? _older;
    private readonly TaskCompletionSource<SourceResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private FillScope? _scope;
    private ExceptionDispatchInfo? _exception;
    private bool _hasNoResponse;
    private bool _isOpen;

    /// <param name="context">The request.</param>
    /// <param name="next">The endpoint.</param>
    /// <param name="services">What the cache works with.</param>
    /// <param name="terms">Under which terms the response is stored.</param>
    /// <param name="older">A stored response that the endpoint may confirm; its owner is somebody else.</param>
    public EndpointRun(HttpContext context, RequestDelegate next, HttpCacheServices services, StorageTerms terms, Revalidation? older)
    {
        _context = context;
        _next = next;
        _older = older;
        _capture = new ResponseCapture(
            context.Response, services.MaximumEntrySize, services.Time, () => _decision!.LookAhead(), LetOthersGo);
        _decision = new StorageDecision(context, terms, _capture, services, response => _answer.TrySetResult(response), LetOthersGo);
    }

    /// <summary>The source. The cache may call it when the request is gone: then it has nothing to give.</summary>
    public ValueTask<SourceResponse> LoadAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Idle) != Idle)
        {
            return new ValueTask<SourceResponse>(SourceResponse.NotShared);
        }

        _ = RunAsync(cancellationToken);
        return new ValueTask<SourceResponse>(_answer.Task);
    }

    /// <summary>Runs the endpoint without a cache that waits for it.</summary>
    public void Start(CancellationToken cancellationToken)
    {
        _state = Begun;
        _decision.Tell(isStored: false);
        _ = RunAsync(cancellationToken);
    }

    /// <summary>The cache has done its part: it says what became of the response.</summary>
    public void Tell(bool isStored) => _decision.Tell(isStored);

    /// <summary>Whether the endpoint has not run, and never will in this run.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Idle) != Begun;

    /// <summary>Whether the endpoint has ended before the cache, with a response that others further out have yet to start.</summary>
    /// <param name="asking">The question to the cache, which goes on meanwhile.</param>
    public async ValueTask<bool> IsLeftOpenAsync(Task asking)
    {
        await Task.WhenAny(asking, _ended.Task).ConfigureAwait(false);
        return _isOpen && !asking.IsCompleted;
    }

    /// <summary>Sends the endpoint's response, or throws what the endpoint has thrown.</summary>
    public async Task SendAsync()
    {
        await _ended.Task.ConfigureAwait(false);
        _exception?.Throw();
        await _capture.SendAsync(_context.Response).ConfigureAwait(false);
    }

    /// <summary>Whether the endpoint has failed or was told to stop, and the client has seen nothing of it.</summary>
    public async ValueTask<bool> HasNoResponseAsync()
    {
        await _ended.Task.ConfigureAwait(false);
        return _hasNoResponse;
    }

    /// <summary>Whether the endpoint has an answer of its own, and not an exception or an error of the server.</summary>
    public async ValueTask<bool> HasAnsweredAsync()
    {
        await _ended.Task.ConfigureAwait(false);
        return _exception is null && !_hasNoResponse && _context.Response.StatusCode < StatusCodes.Status500InternalServerError;
    }

    /// <summary>Takes back what a failed endpoint has said, so that another response can be sent.</summary>
    /// <returns>What it has thrown; null when it has answered with an error.</returns>
    public Exception? Withdraw()
    {
        _decision.Withdraw();
        _context.Response.Clear();
        return _exception?.SourceException;
    }

    // The endpoint has ended: a request never ends before its run.
    public void Dispose()
    {
        if (_state != Begun) { _decision.Withdraw(); }
        (_isOpen ? null : _capture)?.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "It is thrown again by SendAsync, unless there is a stale response to serve instead.")]
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _decision.Begin();
            using var scope = new FillScope(_context, _capture, _older, cancellationToken);
            _scope = scope;
            var running = _next(_context);
            if (!running.IsCompleted)
            {
                _capture.OnWait();
            }

            await running.ConfigureAwait(false);
            await _capture.EndAsync().ConfigureAwait(false);
            scope.Dispose();
            var isAborted = scope.RequestAborted.IsCancellationRequested;
            await AnswerAsync(isAborted).ConfigureAwait(false);
            _hasNoResponse = isAborted && !_context.Response.HasStarted;
        }
        catch (EndpointFailedException exception)
        {
            _hasNoResponse = true;
            Fail(exception);
        }
        catch (Exception exception)
        {
            _hasNoResponse = !_context.Response.HasStarted;
            _exception = ExceptionDispatchInfo.Capture(exception);
            _decision.Refuse(Reason.Failure);
            Fail(exception);
        }
        finally
        {
            _capture.Close();
            _ended.SetResult();
        }
    }

    // Nobody but the own client is given the response: who waits for it need not, and who leaves ends it.
    private void LetOthersGo()
    {
        _answer.TrySetResult(SourceResponse.NotShared);
        _scope?.FollowClient();
    }

    private void Fail(Exception exception)
    {
        // Looked at, for it may be that no cache waits for it.
        _answer.TrySetException(exception);
        _ = _answer.Task.Exception;
    }

    private async ValueTask AnswerAsync(bool isAborted)
    {
        var response = _context.Response;
        if (_older is not null && _capture is { IsWhole: true, Body.Length: 0 } && response.StatusCode == StatusCodes.Status304NotModified)
        {
            _older.Confirm(response);
            _capture.Replace(_older.Body);
        }

        if (!_decision.IsPossible(isAborted))
        {
            if (ResponseRules.IsFailure(response.StatusCode) && _capture.IsWhole)
            {
                throw new EndpointFailedException(response.StatusCode);
            }
        }
        else if (!await _capture.TryBeginAsync(response).ConfigureAwait(false))
        {
            _isOpen = true;
            _decision.LeaveOpen();
            return;
        }

        _decision.Conclude();
    }
}
