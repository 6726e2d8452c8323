using System.Reflection;
using System.Reflection.Emit;

namespace RedisResilience.Tests.Architecture;

/// <summary>Reads the members that a method's instructions name (ECMA-335, partition III).</summary>
internal static class Instructions
{
    private const byte TwoByteOpCode = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<MemberInfo> MembersNamedIn(MethodBase method) => In(method).Select(named => named.Member);

    /// <summary>The types that a method tells others from: by <c>is</c>, <c>as</c>, or a <c>switch</c> over types.</summary>
    public static IEnumerable<Type> TypesTestedIn(MethodBase method) =>
        In(method).Where(named => named.Code == OpCodes.Isinst).Select(named => (Type)named.Member);

    private static IEnumerable<(OpCode Code, MemberInfo Member)> In(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var position = 0; position < code.Length;)
        {
            var instruction = code[position] == TwoByteOpCode
                ? OpCodesByValue[(short)((TwoByteOpCode << 8) | code[position + 1])]
                : OpCodesByValue[code[position]];
            position += instruction.Size;
            if (instruction.OperandType is OperandType.InlineMethod
                or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return (
                    instruction, method.Module.ResolveMember(BitConverter.ToInt32(code, position), typeArguments, methodArguments)!);
            }

            position += OperandSize(instruction, code, position);
        }
    }

    private static int OperandSize(OpCode instruction, byte[] code, int position) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, position)),
        _ => 4,
    };
}
