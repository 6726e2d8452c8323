using System.Reflection;

namespace RedisResilience.Tests.Architecture;

/// <summary>Everything that the types of an assembly name, read from the compiled assembly: a <c>using</c> can be left out, a token
/// cannot.</summary>
internal static class References
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<Reference> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        from named in OfType(type).SelectMany(Parts).Distinct()
        select new Reference(type, named);

    private static IEnumerable<Type> OfType(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetInterfaces(),
        .. type.GetGenericArguments().SelectMany(Constraints),
        .. OfAttributes(type),
        .. type.GetFields(All).SelectMany(field => OfAttributes(field).Append(field.FieldType)),
        .. type.GetProperties(All).SelectMany(OfAttributes),
        .. type.GetMethods(All).SelectMany(method => OfMethod(method).Append(method.ReturnType)),
        .. type.GetConstructors(All).SelectMany(OfMethod),
    ];

    private static IEnumerable<Type> OfMethod(MethodBase method) =>
    [
        .. OfAttributes(method),
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.IsGenericMethod ? method.GetGenericArguments().SelectMany(Constraints) : [],
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
        .. Instructions.MembersNamedIn(method).SelectMany(OfMember),
    ];

    private static IEnumerable<Type> OfMember(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo method => [method.DeclaringType!, method.ReturnType, .. method.GetGenericArguments()],
        _ => [member.DeclaringType!],
    };

    private static IEnumerable<Type> OfAttributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(attribute =>
        attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>().Append(attribute.AttributeType));

    private static Type[] Constraints(Type argument) => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    // List<Foo[]> is List, Foo[] and Foo.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericParameter ? [] : type.GetGenericArguments().SelectMany(Parts).Append(type);
    }
}
