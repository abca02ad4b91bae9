using System.Globalization;
using System.Text.Json;

namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// Variables that tell a program what no file can: GNU nproc, OpenMP and Go before 1.25 read the affinity mask, which a CPU
/// limit does not change.
/// </summary>
internal sealed record EnvironmentProfile(string Name, Func<ResourceList, IEnumerable<(string Name, string? Value)>> Variables)
{
    private const decimal MiB = 1024 * 1024;

    public static IReadOnlyList<EnvironmentProfile> All { get; } =
    [
        new("slurm", limits =>
        [
            ("SLURM_CPUS_ON_NODE", Cpus(limits)),
            ("SLURM_CPUS_PER_TASK", Cpus(limits)),
            ("SLURM_MEM_PER_NODE", limits.Memory is { } bytes ? Whole(Math.Max(1, decimal.Floor(bytes / MiB))) : null),
            ("SLURM_GPUS_PER_NODE", limits.Gpus > 0 ? Whole(limits.Gpus) : null),
        ]),
        new("omp", limits => [("OMP_NUM_THREADS", Cpus(limits))]),
        new("go", limits => [("GOMAXPROCS", Cpus(limits))]),
        new("java", limits => [("JAVA_TOOL_OPTIONS", Cpus(limits) is { } cpus ? $"-XX:ActiveProcessorCount={cpus}" : null)]),
    ];

    /// <summary>What they may set.</summary>
    public static IReadOnlyList<JsonEncodedText> VariableNames { get; } =
        [.. All.SelectMany(profile => profile.Variables(new(1, 1, 1))).Select(variable => JsonEncodedText.Encode(variable.Name))];

    public static string Names { get; } = string.Join(", ", All.Select(profile => profile.Name));

    public static EnvironmentProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>Reads the annotation <see cref="LxcfsNames.Env"/>.</summary>
    /// <returns>The profiles; or null and the word that is wrong.</returns>
    public static (IReadOnlyList<EnvironmentProfile>? Profiles, string? Unknown) Parse(string annotation)
    {
        var words = annotation.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words is ["none"])
            return ([], null);
        return words.FirstOrDefault(word => Find(word) is null) is { } unknown
            ? (null, unknown)
            : ([.. words.Distinct().Select(word => Find(word)!)], null);
    }

    /// <summary>A fraction of a CPU still runs threads of its own: rounded up, as LXCFS does in /proc/cpuinfo.</summary>
    private static string? Cpus(ResourceList limits) => limits.Cpu is { } cpu ? Whole(decimal.Ceiling(cpu)) : null;

    private static string Whole(decimal value) => value.ToString("0", CultureInfo.InvariantCulture);
}
