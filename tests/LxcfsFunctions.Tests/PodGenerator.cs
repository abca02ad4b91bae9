using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>Pods that an API server would accept, thick with what could collide, and with fields that nobody knows.</summary>
internal static class PodGenerator
{
    private static readonly string[] MountPaths =
        ["/data", "/proc", "/proc/", "/proc/meminfo", "/proc//cpuinfo", "/proc/../proc/stat/", "/sys", "/sys/devices", "/", "/procession", "proc/uptime", "/var/run/secrets"];

    private static readonly string[] VariableNames = ["PATH", "OMP_NUM_THREADS", "GOMAXPROCS", "SLURM_CPUS_ON_NODE", "JAVA_TOOL_OPTIONS"];

    private static readonly string[] Quantities = ["500m", "1.5", "2Gi", "1e3", "32000M", "0", "1", "64Mi", "9E", "100u"];

    private static readonly Gen<JsonNode?> Unknown = Gen.OneOf(
        Gen.Bool.Select(_ => (JsonNode?)null), Gen.Int.Select(value => (JsonNode?)value), Gen.Double[-1e9, 1e9].Select(value => (JsonNode?)value),
        Gen.String.Select(value => (JsonNode?)value.ReplaceLineEndings("?")), Gen.Bool.Select(value => (JsonNode?)value),
        Gen.Int.List[0, 3].Select(values => (JsonNode?)new JsonArray([.. values.Select(value => (JsonNode?)value)])),
        Gen.String[Gen.Char.AlphaNumeric, 0, 5].Select(value => (JsonNode?)new JsonObject { [value] = value }));

    private static readonly Gen<JsonObject> Volume = Gen.Select(
        Pick(LxcfsFile.All.Select(file => file.Volume).Concat(["data", "lxcfs-else"]).ToArray()), Gen.Int[0, 3], (name, kind) => kind switch
        {
            0 => new JsonObject { ["name"] = name, ["emptyDir"] = new JsonObject() },
            1 => new() { ["name"] = name, ["hostPath"] = new JsonObject { ["path"] = "/somewhere/else", ["type"] = "File" } },
            2 => new() { ["name"] = name, ["hostPath"] = new JsonObject { ["path"] = SourceOf(name), ["type"] = "" } },
            _ => new() { ["name"] = name, ["hostPath"] = new JsonObject { ["path"] = SourceOf(name), ["type"] = "File" } },
        });

    private static readonly Gen<JsonNode?> Limits = Gen.Select(
        Pick(Quantities), Pick(Quantities), Gen.Int[0, 4], (cpu, memory, kind) => (JsonNode?)(kind switch
        {
            0 => new JsonObject(),
            1 => new JsonObject { ["limits"] = new JsonObject { ["cpu"] = cpu } },
            2 => new JsonObject { ["limits"] = new JsonObject { ["memory"] = memory, ["nvidia.com/a100"] = "2" } },
            _ => new JsonObject { ["limits"] = new JsonObject { ["cpu"] = cpu, ["memory"] = memory }, ["requests"] = new JsonObject { ["cpu"] = "1m" } },
        }));

    private static readonly Gen<JsonNode?> Annotations = Gen.Select(
        Pick(null, "none", "omp,go", "slurm", "java, slurm"), Pick(null, "data", "", "lxcfs-proc-stat,data"),
        Pick(null, "c0", "c1,i0"), Pick(null, "pending"), (env, evict, skip, status) =>
        {
            var annotations = new JsonObject { ["example/~key"] = "a/b~c" };
            Set(annotations, LxcfsNames.Env, env);
            Set(annotations, LxcfsNames.SafeToEvictLocalVolumes, evict);
            Set(annotations, LxcfsNames.SkipContainers, skip);
            Set(annotations, LxcfsNames.Status, status);
            return (JsonNode?)(env is null && evict is null && skip is null ? null : annotations);
        });

    public static Gen<JsonObject> Review { get; } = Gen.Select(
        Volume.List[0, 6], Container("c").List[1, 3], Container("i").List[0, 2], Annotations, Unknown, Unknown,
        (volumes, containers, init, annotations, one, two) =>
        {
            (one, two, annotations) = (one?.DeepClone(), two?.DeepClone(), annotations?.DeepClone());
            volumes = [.. volumes];
            var spec = new JsonObject { ["someday"] = one, ["containers"] = Numbered([.. containers], "c", volumes) };
            var initContainers = Numbered([.. init], "i", volumes);
            if (volumes.Count > 0)
                spec["volumes"] = Distinct(volumes, "name");
            if (init.Count > 0)
                spec["initContainers"] = initContainers;
            spec["restartPolicy"] = "Always";
            var metadata = new JsonObject { ["name"] = "p", ["generation2"] = two };
            if (annotations is not null)
                metadata["annotations"] = annotations;
            return ReviewOf(new() { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec });
        });

    public static JsonObject ReviewOf(JsonObject pod) => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "u",
            ["namespace"] = "n",
            ["operation"] = "CREATE",
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
            ["object"] = pod,
        },
    };

    private static Gen<JsonObject> Container(string prefix) => Gen.Select(
        Pick(MountPaths).List[0, 4], Pick(VariableNames).List[0, 3], Limits, Gen.Int[0, 2], Unknown,
        (paths, variables, limits, shape, unknown) =>
        {
            var container = new JsonObject { ["name"] = prefix, ["image"] = "registry.example/x", ["resources"] = limits?.DeepClone(), ["someday"] = unknown?.DeepClone() };
            if (shape > 0 || paths.Count > 0)
                container["volumeMounts"] = Distinct(paths.Select(path => new JsonObject { ["name"] = "data", ["mountPath"] = path, ["readOnly"] = true }), "mountPath");
            if (shape > 1 || variables.Count > 0)
                container["env"] = Distinct(variables.Select(name => new JsonObject { ["name"] = name, ["value"] = "x" }), "name");
            return container;
        });

    private static JsonArray Numbered(List<JsonObject> containers, string prefix, List<JsonObject> volumes)
    {
        for (var i = 0; i < containers.Count; i++)
        {
            containers[i] = containers[i].DeepClone().AsObject();
            containers[i]["name"] = $"{prefix}{i}";
        }

        if (containers.Exists(container => container["volumeMounts"] is JsonArray { Count: > 0 }) && !volumes.Exists(volume => (string?)volume["name"] == "data"))
            volumes.Add(new() { ["name"] = "data", ["emptyDir"] = new JsonObject() });
        return [.. containers];
    }

    private static JsonArray Distinct(IEnumerable<JsonObject> items, string field) =>
        [.. items.DistinctBy(item => PodPath.Clean((string)item[field]!)).Select(item => item.DeepClone())];

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string SourceOf(string volume) =>
        LxcfsFile.DefaultRoot + (LxcfsFile.All.FirstOrDefault(file => file.Volume == volume)?.Path ?? "/x");

    private static void Set(JsonObject annotations, string key, string? value)
    {
        if (value is not null)
            annotations[key] = value;
    }
}
