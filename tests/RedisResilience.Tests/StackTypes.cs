using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using RedisResilience.Caching;

namespace RedisResilience.Tests;

/// <summary>The types of the library that a call passes, as the stack has them where it is asked.</summary>
internal static class StackTypes
{
    /// <summary>Their names. An async method and a lambda count as the type that they are written in. What keeps an async method while it
    /// waits stands in the place of the platform's, which is not counted either.</summary>
    public static string[] Names() =>
    [
        .. new StackTrace().GetFrames().Select(frame => frame.GetMethod()?.DeclaringType).OfType<Type>()
            .Where(type => type.Assembly == typeof(IResponseCache).Assembly && type.Namespace != "RedisResilience.Pooling")
            .Select(type => WrittenType(type).Name).Distinct(),
    ];

    private static Type WrittenType(Type type)
    {
        while (type.DeclaringType is { } outer && type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null)
        {
            type = outer;
        }

        return type;
    }
}
