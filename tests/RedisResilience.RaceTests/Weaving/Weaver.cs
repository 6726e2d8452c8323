using Mono.Cecil;
using Mono.Cecil.Cil;

namespace RedisResilience.RaceTests.Weaving;

/// <summary>Puts a scheduler's points into an assembly: wherever threads can see each other, the test decides who goes on.</summary>
/// <remarks>
/// A point comes before every use of <see cref="Interlocked"/>, <see cref="Volatile"/>, of a concurrent collection, and of a field that
/// changes.
/// Locks, cancellations, waits and the pool are the scheduler's (<see cref="WovenCalls"/>), and every await goes on where it was begun:
/// there.
/// </remarks>
internal static class Weaver
{
    /// <summary>The assembly of a file with the points in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="focus">Namespaces or types whose fields and atomic operations have points.</param>
    public static MemoryStream Weave(string path, IReadOnlyList<string> focus)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });
        var calls = new WovenCalls(assembly.MainModule);
        foreach (var type in assembly.MainModule.GetTypes())
        {
            var hasPoints = focus.Any(name => type.FullName.StartsWith(name, StringComparison.Ordinal));
            foreach (var method in type.Methods.Where(static method => method.HasBody))
            {
                Weave(method, calls, hasPoints && !method.IsConstructor);
            }
        }

        var woven = new MemoryStream();
        assembly.Write(woven);
        woven.Position = 0;
        return woven;
    }

    private static void Weave(MethodDefinition method, WovenCalls calls, bool hasPoints)
    {
        var code = method.Body.GetILProcessor();
        foreach (var instruction in method.Body.Instructions.ToArray())
        {
            if (instruction.Operand is MethodReference called)
            {
                if (calls.Find(called) is { } replacement)
                {
                    instruction.OpCode = OpCodes.Call;
                    instruction.Operand = replacement;
                }
                else if (WovenCalls.IsAwaitOf(called))
                {
                    // Where it was begun, whatever else is wanted.
                    InsertBefore(code, instruction, code.Create(OpCodes.Ldc_I4_1));
                    InsertBefore(code, instruction, code.Create(OpCodes.Or));
                }
                else if (hasPoints && WovenCalls.IsAtomic(called))
                {
                    InsertBefore(code, instruction, code.Create(OpCodes.Call, calls.Point));
                }
            }
            else if (hasPoints && instruction.Operand is FieldReference field && IsShared(field, instruction.OpCode.Code))
            {
                InsertBefore(code, instruction, code.Create(OpCodes.Call, calls.Point));
            }
        }

        LengthenBranches(method.Body);
    }

    // What was read once and does not change, and what only the compiler knows of, is nobody else's.
    private static bool IsShared(FieldReference field, Code code) =>
        code is Code.Ldfld or Code.Stfld or Code.Ldsfld or Code.Stsfld
        && field.DeclaringType.Scope == field.Module
        && field.Resolve() is { IsInitOnly: false, IsLiteral: false } resolved
        && !resolved.DeclaringType.IsValueType
        && !resolved.DeclaringType.Name.StartsWith('<');

    private static void InsertBefore(ILProcessor code, Instruction place, Instruction inserted) =>
        code.InsertBefore(place.Previous is { OpCode.OpCodeType: OpCodeType.Prefix } prefix ? prefix : place, inserted);

    // A branch that was short may be too far now.
    private static void LengthenBranches(MethodBody body)
    {
        foreach (var instruction in body.Instructions.Where(static one => one.OpCode.OperandType == OperandType.ShortInlineBrTarget))
        {
            instruction.OpCode = (OpCode)typeof(OpCodes).GetField(instruction.OpCode.Code.ToString()[..^2])!.GetValue(null)!;
        }
    }
}
