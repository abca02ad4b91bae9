using System.Globalization;

namespace LxcfsAgent.Lxcfs;

/// <summary>The memory limit that the kernel holds a process to.</summary>
internal static class MemoryLimit
{
    /// <summary>Version 2 writes <c>max</c> for no limit, version 1 the largest multiple of a page.</summary>
    private const long Unlimited = long.MaxValue / 2;

    /// <summary>This process's, in bytes; null where none of the visible control groups has one.</summary>
    public static long? OfSelf() => ControlGroupLayout.OfSelf() is { } layout ? Of(layout) : null;

    /// <summary>The least that holds for a group, in bytes; null for none.</summary>
    public static long? Of(ControlGroupLayout layout) => layout.Upwards
        .Select(folder => $"{folder}/{layout.LimitFile}")
        .Where(File.Exists)
        .Select(file => long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : Unlimited)
        .Where(limit => limit < Unlimited)
        .Select(limit => (long?)limit)
        .Min();
}
