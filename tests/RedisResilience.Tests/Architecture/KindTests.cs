using System.Reflection;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.Architecture;

/// <summary>What differs by kind of limit is a member of the kind: nobody asks which one it is, so a new kind is one folder and the
/// compiler asks for what is missing.</summary>
internal sealed class KindTests
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Kinds = [.. typeof(RateLimit).Assembly.GetTypes().Where(type => type.BaseType == typeof(RateLimit))];

    [TestCase("RedisResilience")]
    [TestCase("RedisResilience.AspNetCore")]
    [TestCase("RedisResilience.Http")]
    [TestCase("RedisResilience.Mongo")]
    public void NoMethod_TellsKindsApart(string package)
    {
        Assert.That(Kinds, Has.Length.AtLeast(6));
        Assert.That(
            from type in Assembly.Load(package).GetTypes()
            from method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
            from tested in Instructions.TypesTestedIn(method)
            where Kinds.Contains(tested) && !IsOwnEquality(method, tested)
            select $"{type.FullName}.{method.Name} asks for {tested.Name}",
            Is.Empty);
    }

    [Test]
    public void TestedType_IsSeen()
    {
        var method = typeof(KindTests).GetMethod(nameof(IsWindow), All)!;
        Assert.That(Instructions.TypesTestedIn(method), Is.EqualTo(new[] { typeof(FixedWindow) }));
    }

    // Records compare themselves with their own kind.
    private static bool IsOwnEquality(MethodBase method, Type tested) => method.DeclaringType == tested && method.Name == nameof(Equals);

    private static bool IsWindow(RateLimit limit) => limit is FixedWindow;
}
