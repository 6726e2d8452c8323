using Mono.Cecil;
using RedisResilience.RaceTests.Scheduling;

namespace RedisResilience.RaceTests.Weaving;

/// <summary>Which calls of an assembly are the scheduler's.</summary>
internal sealed class WovenCalls(ModuleDefinition module)
{
    private static readonly Dictionary<string, string> Replaced = new(StringComparer.Ordinal)
    {
        ["System.Threading.Lock::EnterScope/0"] = nameof(Points.EnterScope),
        ["System.Threading.Monitor::Enter/2"] = nameof(Points.Enter),
        ["System.Threading.ThreadPool::UnsafeQueueUserWorkItem/2"] = nameof(Points.Queue),
        ["System.Threading.CancellationTokenSource::Cancel/0"] = nameof(Points.Cancel),
        ["System.Threading.CancellationTokenRegistration::Dispose/0"] = nameof(Points.Unregister),
        ["System.Threading.SemaphoreSlim::WaitAsync/1"] = nameof(Points.TakeAsync),
        ["System.Threading.SemaphoreSlim::Release/0"] = nameof(Points.Release),
        ["System.Threading.Tasks.Task::WhenAny/1"] = nameof(Points.WhenAnyOf),
        ["System.Threading.Tasks.Task::WhenAny/2"] = nameof(Points.WhenAny),
        ["System.Threading.Tasks.Task::WaitAsync/1"] = nameof(Points.WaitAsync),
        ["System.Threading.Tasks.Task::WaitAsync/3"] = nameof(Points.WaitInTimeAsync),
    };

    private readonly Dictionary<string, MethodReference> _imported = Replaced.Values.ToDictionary(
        static name => name, name => module.ImportReference(typeof(Points).GetMethod(name)), StringComparer.Ordinal);

    public MethodReference Point { get; } = module.ImportReference(typeof(Points).GetMethod(nameof(Points.Reach)));

    /// <summary>What is called in a call's place; null: it is the assembly's own affair.</summary>
    public MethodReference? Find(MethodReference called) =>
        !called.DeclaringType.IsGenericInstance && !called.IsGenericInstance
        && Replaced.TryGetValue($"{called.DeclaringType.FullName}::{called.Name}/{called.Parameters.Count}", out var name)
        && IsMeant(called, name) ? _imported[name] : null;

    /// <summary>Whether an await is told here where it goes on.</summary>
    public static bool IsAwaitOf(MethodReference called) =>
        called.Name == "ConfigureAwait" && called.DeclaringType.Namespace is "System.Threading.Tasks" && called.Parameters.Count == 1;

    public static bool IsAtomic(MethodReference called) =>
        called.DeclaringType.FullName is "System.Threading.Interlocked" or "System.Threading.Volatile"
        || called.DeclaringType.Namespace == "System.Collections.Concurrent";

    // Of the overloads with as many parameters.
    private static bool IsMeant(MethodReference called, string name) => name switch
    {
        nameof(Points.Queue) => called.Parameters[0].ParameterType.Name == nameof(IThreadPoolWorkItem),
        nameof(Points.WhenAnyOf) => called.Parameters[0].ParameterType.Name.StartsWith("IEnumerable", StringComparison.Ordinal),
        nameof(Points.WaitAsync) or nameof(Points.TakeAsync) => called.Parameters[0].ParameterType.Name == nameof(CancellationToken),
        _ => true,
    };
}
