using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>Values that an API server takes, where not just any will do.</summary>
internal static class FieldValues
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["Container.imagePullPolicy"] = "Always",
        ["Container.terminationMessagePolicy"] = "File",
        ["Container.terminationMessagePath"] = "/dev/log",
        ["Container.workingDir"] = "/",
        ["ContainerPort.protocol"] = "UDP",
        ["ContainerPort.hostIP"] = "127.0.0.1",
        ["PodSpec.dnsPolicy"] = "Default",
        ["PodSpec.restartPolicy"] = "Never",
        ["PodSpec.preemptionPolicy"] = "PreemptLowerPriority",
        ["PodSpec.priorityClassName"] = "system-node-critical",
        ["VolumeMount.name"] = "data",
        ["VolumeMount.mountPath"] = "/data",
        ["VolumeMount.mountPropagation"] = "HostToContainer",
        ["VolumeDevice.name"] = "disk",
        ["VolumeDevice.devicePath"] = "/dev/disk",
        ["EmptyDirVolumeSource.medium"] = "Memory",
        ["HostPathVolumeSource.type"] = "Directory",
        ["HostPathVolumeSource.path"] = "/data",
        ["AzureDiskVolumeSource.cachingMode"] = "None",
        ["AzureDiskVolumeSource.kind"] = "Shared",
        ["ISCSIVolumeSource.iqn"] = "iqn.2001-04.com.example:storage",
        ["ISCSIVolumeSource.initiatorName"] = "iqn.2001-04.com.example:initiator",
        ["PersistentVolumeClaimSpec.accessModes"] = "ReadWriteOnce",
        ["PersistentVolumeClaimSpec.volumeMode"] = "Block",
        ["TypedLocalObjectReference.kind"] = "PersistentVolumeClaim",
        ["ObjectFieldSelector.fieldPath"] = "metadata.name",
        ["ResourceFieldSelector.resource"] = "limits.cpu",
        ["HTTPGetAction.scheme"] = "HTTPS",
        ["NodeSelectorRequirement.operator"] = "In",
        ["LabelSelectorRequirement.operator"] = "In",
        ["Toleration.operator"] = "Equal",
        ["Toleration.effect"] = "NoExecute",
        ["TopologySpreadConstraint.whenUnsatisfiable"] = "ScheduleAnyway",
        ["HostAlias.ip"] = "127.0.0.1",
        ["PodDNSConfig.nameservers"] = "127.0.0.1",
        ["SeccompProfile.type"] = "Localhost",
        ["SeccompProfile.localhostProfile"] = "profiles/a.json",
        ["PodSecurityContext.fsGroupChangePolicy"] = "OnRootMismatch",
        ["Sysctl.name"] = "kernel.shm_rmid_forced",
        ["OwnerReference.uid"] = "0e3c1f6a-0000-4000-8000-000000000000",
        ["ObjectMeta.finalizers"] = "example.com/keep",
        ["ObjectMeta.generateName"] = "app-",
        ["PodReadinessGate.conditionType"] = "example.com/ready",
        ["ObjectFieldSelector.apiVersion"] = "v1",
        ["ResourceFieldSelector.divisor"] = "1",
        ["NFSVolumeSource.path"] = "/a",
        ["QuobyteVolumeSource.registry"] = "registry:1",
        ["AzureDiskVolumeSource.diskURI"] = "https://account.blob.core.windows.net/disks/a.vhd",
    };

    /// <summary>What a kind can't be without though no schema says so, unless it has one of the others.</summary>
    private static readonly (string Kind, string[] Unless, string Fields)[] Companions =
    [
        ("Probe", ["exec", "httpGet", "tcpSocket", "grpc"], """{ "exec": { "command": ["true"] } }"""),
        ("NodeSelectorRequirement", [], """{ "values": ["a"] }"""),
        ("LabelSelectorRequirement", [], """{ "values": ["a"] }"""),
        ("NodeSelectorTerm", ["matchExpressions", "matchFields"], """{ "matchExpressions": [{ "key": "a", "operator": "Exists" }] }"""),
        ("Toleration", [], """{ "key": "a", "effect": "NoExecute" }"""),
        ("DownwardAPIVolumeFile", ["fieldRef", "resourceFieldRef"], """{ "fieldRef": { "fieldPath": "metadata.name" } }"""),
        ("ResourceFieldSelector", [], """{ "containerName": "app" }"""),
        ("PersistentVolumeClaimSpec", [], """{ "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } }"""),
        ("FCVolumeSource", ["wwids"], """{ "targetWWNs": ["a"], "lun": 1 }"""),
        ("SeccompProfile", [], """{ "localhostProfile": "profiles/a.json" }"""),
        ("Container", [], """{ "image": "app" }"""),
        ("ConfigMapKeySelector", [], """{ "name": "a" }"""),
        ("SecretKeySelector", [], """{ "name": "a" }"""),
        ("ConfigMapEnvSource", [], """{ "name": "a" }"""),
        ("SecretEnvSource", [], """{ "name": "a" }"""),
        ("ConfigMapVolumeSource", [], """{ "name": "a" }"""),
        ("ConfigMapProjection", [], """{ "name": "a" }"""),
        ("SecretProjection", [], """{ "name": "a" }"""),
        ("SecretVolumeSource", [], """{ "secretName": "a" }"""),
        ("ScaleIOVolumeSource", [], """{ "volumeName": "a" }"""),
        ("StorageOSVolumeSource", [], """{ "volumeName": "a" }"""),
        ("ISCSIVolumeSource", [], """{ "secretRef": { "name": "a" } }"""),
        ("EnvFromSource", ["configMapRef", "secretRef"], """{ "secretRef": { "name": "a" } }"""),
        ("PodDNSConfigOption", [], """{ "name": "a" }"""),
        ("HostAlias", [], """{ "ip": "127.0.0.1" }"""),
        ("EphemeralVolumeSource", [], """{ "volumeClaimTemplate": { "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "1Gi" } } } } }"""),
        ("EnvVarSource", ["configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef"], """{ "fieldRef": { "fieldPath": "metadata.name" } }"""),
    ];

    public static JsonNode Of(Form form, string kind, string field) => Values.TryGetValue($"{kind}.{field}", out var value) ? value : form switch
    {
        // A probe succeeds once, and a token lives ten minutes at least.
        Form.Integer or Form.IntOrText => field switch { "successThreshold" => 1, "expirationSeconds" => 600, _ => 7 },
        Form.Number => 0.5,
        Form.Boolean => true,
        Form.Quantity => "64Mi",
        Form.Time => "2024-01-01T00:00:00Z",
        Form.Object => new JsonObject(),
        _ => "a",
    };

    /// <summary>A key of a map: resources have names of their own.</summary>
    public static string Key(string kind, string field) => (kind, field) switch
    {
        ("PersistentVolumeClaimSpec" or "VolumeResourceRequirements", _) => "storage",
        (_, "limits" or "requests" or "overhead") => "memory",
        _ => "a",
    };

    public static void Complete(string kind, JsonObject built)
    {
        foreach (var companion in Companions.Where(item => item.Kind == kind && !item.Unless.Any(built.ContainsKey)))
        {
            foreach (var (name, value) in JsonNode.Parse(companion.Fields)!.AsObject().Where(pair => !built.ContainsKey(pair.Key)))
                built[name] = value?.DeepClone();
        }
    }
}
