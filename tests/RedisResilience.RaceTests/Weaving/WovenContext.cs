using System.Reflection;
using System.Runtime.Loader;

namespace RedisResilience.RaceTests.Weaving;

/// <summary>The library with the scheduler's points in it, and a second copy of these tests over it, beside the ones that run.</summary>
internal sealed class WovenContext(IReadOnlyList<string> focus) : AssemblyLoadContext(isCollectible: false)
{
    private static readonly string[] Woven = ["RedisResilience", "RedisResilience.AspNetCore"];
    private static readonly string Folder = Path.GetDirectoryName(typeof(WovenContext).Assembly.Location)!;

    /// <summary>The copy of a type of these tests.</summary>
    public Type Copy(Type type) => LoadFromAssemblyName(type.Assembly.GetName()).GetType(type.FullName!, throwOnError: true)!;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(Folder, assemblyName.Name + ".dll");
        return !File.Exists(path) || assemblyName.Name!.StartsWith("nunit", StringComparison.OrdinalIgnoreCase) ? null
            : Woven.Contains(assemblyName.Name) ? LoadFromStream(Weaver.Weave(path, focus))
            : LoadFromAssemblyPath(path);
    }
}
