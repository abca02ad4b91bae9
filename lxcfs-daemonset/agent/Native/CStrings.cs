using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>Strings as C takes arguments and an environment: an array of pointers that ends with null.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly int _count;

    public CStrings(IReadOnlyCollection<string> strings)
    {
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        foreach (var text in strings)
            Pointer[_count++] = (byte*)Marshal.StringToCoTaskMemUTF8(text);
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (var index = 0; index < _count; index++)
            Marshal.FreeCoTaskMem((nint)Pointer[index]);
        NativeMemory.Free(Pointer);
    }
}
