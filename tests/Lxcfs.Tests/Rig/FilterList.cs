using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Lxcfs.Tests.Rig;

/// <summary>The system calls that the filter knows, as lxcfs-daemonset/lxcfs/src/filter_calls.h lists them.</summary>
internal static partial class FilterList
{
    private static readonly string Repository = typeof(FilterList).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    public static string InRepository(string path) => Path.Combine(Repository, path);

    /// <summary>The names, and whether the tests' load is to make the call: where a line says why not, it need not.</summary>
    public static IReadOnlyDictionary<string, bool> Read()
    {
        Dictionary<string, bool> calls = [];
        // Older calls than arm64: `#ifdef SYS_NAME`, and what stands for them there behind `#else`.
        var skipped = false;
        foreach (var line in File.ReadLines(InRepository("lxcfs-daemonset/lxcfs/src/filter_calls.h")))
        {
            if (line.StartsWith("#ifdef", StringComparison.Ordinal))
                skipped = RuntimeInformation.OSArchitecture is not Architecture.X64;
            else if (line == "#else")
                skipped = !skipped;
            else if (line == "#endif")
                skipped = false;
            else if (!skipped && Call().Match(line) is { Success: true } call)
                calls[call.Groups[1].Value] = !line.Contains("not asked for on ", StringComparison.Ordinal);
        }

        return calls;
    }

    [GeneratedRegex(@"^(?:CALL|CALL_IF|CALL_ITSELF|REFUSE)\((\w+)")]
    private static partial Regex Call();
}
