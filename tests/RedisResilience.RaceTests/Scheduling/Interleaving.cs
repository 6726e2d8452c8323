using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Time.Testing;

namespace RedisResilience.RaceTests.Scheduling;

/// <summary>One order of events out of many: its actors go on by turns, and who is next at each point is drawn from a seed.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "It lives as long as those who take part.")]
internal sealed class Interleaving : SynchronizationContext
{
    private static readonly double[] Restlessness = [0.02, 0.1, 0.3, 0.6];
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private const int MostSteps = 1000;
    private const int MostVainTurns = 10_000;

    [ThreadStatic]
    private static Interleaving? _current;

    [ThreadStatic]
    private static Actor? _actor;

    private readonly Random _random;
    private readonly double _restlessness;
    private readonly Lock _lock = new();
    private readonly List<Actor> _ready = [];
    private readonly SemaphoreSlim _quiet = new(0);
    private readonly List<Task> _tasks = [];
    private Exception? _failure;
    private int _turns;
    private int _vainTurns;

    public Interleaving(int seed)
    {
        _random = new Random(seed);
        _restlessness = Restlessness[_random.Next(Restlessness.Length)];
    }

    /// <summary>That of the actor who runs here; null: nobody does.</summary>
    public static new Interleaving? Current => _current;

    /// <summary>The time of those who take part.</summary>
    public FakeTimeProvider Clock { get; set; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What is being cancelled.</summary>
    public Cancellations Cancellations { get; } = new();

    /// <summary>The permits that those who take part wait for.</summary>
    public WaitingForPermits Permits { get; } = new();

    /// <summary>How often another went on.</summary>
    public int Turns => _turns;

    public int Next(int limit) => _random.Next(limit);

    /// <summary>One more who goes on by turns.</summary>
    public void Start(Action work)
    {
        lock (_lock)
        {
            _ready.Add(new Actor(work));
        }
    }

    /// <summary>One more, who has to come to an end.</summary>
    public void Start(Func<Task> work) => Start(() => _tasks.Add(work()));

    public override void Post(SendOrPostCallback d, object? state) => Start(() => d(state));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Lets all go on until they have come to their ends; time passes when nobody has anything else to do.</summary>
    public void Run()
    {
        for (var steps = 0; ; steps++)
        {
            if (!TryPass(own: null))
            {
                Fail();
                if (_tasks.TrueForAll(static task => task.IsCompleted))
                {
                    break;
                }

                Require(steps < MostSteps, "somebody waits without an end");
                Start(() => Clock.Advance(Step));
                continue;
            }

            if (!_quiet.Wait(TimeSpan.FromSeconds(30)))
            {
                throw new RaceException("a thread does not come back to the scheduler");
            }

            Fail();
        }

        Task.WhenAll(_tasks).GetAwaiter().GetResult();
    }

    /// <summary>Another may go on here.</summary>
    public void Reach()
    {
        if (_actor is not null && _random.NextDouble() < _restlessness)
        {
            Give();
        }
    }

    /// <summary>Another goes on here, if there is one.</summary>
    public void Give()
    {
        if (_actor is { } own && TryPass(own))
        {
            _vainTurns = 0;
            own.Turn.Wait();
            return;
        }

        Require(++_vainTurns < MostVainTurns, "somebody waits for what nobody gives back");
    }

    /// <summary>Goes on later: as if a line or the pool had taken its time.</summary>
    public Task YieldAsync()
    {
        var later = new TaskCompletionSource();
        Start(later.SetResult);
        return later.Task;
    }

    public static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new RaceException(what);
        }
    }

    /// <summary>Notes what must not be, where nobody would hear of an exception.</summary>
    public void Blame(string what) => _failure ??= new RaceException(what);

    // Gives the turn to one of those who are ready. False when there is nobody.
    private bool TryPass(Actor? own)
    {
        Actor next;
        lock (_lock)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var place = _random.Next(_ready.Count);
            next = _ready[place];
            _ready.RemoveAt(place);
            if (own is not null)
            {
                _ready.Add(own);
            }
        }

        _turns++;
        if (next.Work is null)
        {
            next.Turn.Release();
        }
        else
        {
            Workers.Run(() => Work(next));
        }

        return true;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whoever fails, the run has failed.")]
    private void Work(Actor actor)
    {
        (_current, _actor) = (this, actor);
        SetSynchronizationContext(this);
        var work = actor.Work!;
        actor.Work = null;
        try
        {
            work();
        }
        catch (Exception exception)
        {
            _failure ??= exception;
        }

        (_current, _actor) = (null, null);
        SetSynchronizationContext(null);
        if (!TryPass(own: null))
        {
            _quiet.Release();
        }
    }

    private void Fail() => _ = _failure is null ? this : throw new RaceException(_failure.Message, _failure);
}
