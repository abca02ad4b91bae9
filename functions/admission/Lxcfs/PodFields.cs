using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Which fields of a review are read, and into what. The innermost come first.</summary>
internal static class PodFields
{
    private static readonly JsonFields<WindowsOptions> WindowsOptions = new(
        ("gmsaCredentialSpecName", (ref json, options) => options.GmsaCredentialSpecName = json.ReadText()),
        ("gmsaCredentialSpec", (ref json, options) => options.GmsaCredentialSpec = json.ReadText()),
        ("runAsUserName", (ref json, options) => options.RunAsUserName = json.ReadText()),
        ("hostProcess", (ref json, options) => options.HostProcess = json.ReadFlag()));

    private static readonly JsonFields<PodSecurityContext> PodSecurityContext = new(
        ("windowsOptions", (ref json, context) => context.WindowsOptions = WindowsOptions.Read(ref json)));

    private static readonly JsonFields<Capabilities> Capabilities = new(("add", (ref json, capabilities) => capabilities.Add = json.ReadTexts()));

    private static readonly JsonFields<SecurityContext> SecurityContext = new(
        ("procMount", (ref json, context) => context.ProcMount = json.ReadText()),
        ("privileged", (ref json, context) => context.Privileged = json.ReadFlag()),
        ("capabilities", (ref json, context) => context.Capabilities = Capabilities.Read(ref json)),
        ("windowsOptions", (ref json, context) => context.WindowsOptions = WindowsOptions.Read(ref json)));

    private static readonly JsonFields<ResourceRequirements> Resources = new(
        ("limits", (ref json, resources) => resources.Limits = ResourceList.Read(ref json)));

    /// <summary>A profile looks for its own variables alone, and the others are most of the text of a pod.</summary>
    private static readonly JsonFields<EnvVar> EnvVar = new(
        ("name", (ref json, variable) => variable.Name = json.ReadWord(EnvironmentProfile.VariableNames)),
        ("value", (ref json, variable) => variable.Value = variable.Name == JsonValues.OtherWord ? json.PassText() : json.ReadText()));

    private static readonly JsonFields<VolumeMount> VolumeMount = new(
        ("name", (ref json, mount) => mount.Name = json.ReadText()),
        ("mountPath", (ref json, mount) => mount.MountPath = json.ReadText()),
        ("subPath", (ref json, mount) => mount.SubPath = json.ReadText()),
        ("readOnly", (ref json, mount) => mount.ReadOnly = json.ReadFlag()));

    private static readonly JsonFields<VolumeDevice> VolumeDevice = new(("devicePath", (ref json, device) => device.DevicePath = json.ReadText()));

    private static readonly JsonFields<Container> Container = new(
        ("name", (ref json, container) => container.Name = json.ReadText()),
        ("volumeMounts", (ref json, container) => container.VolumeMounts = VolumeMount.ReadList(ref json)),
        ("volumeDevices", (ref json, container) => container.VolumeDevices = VolumeDevice.ReadList(ref json)),
        ("env", (ref json, container) => container.Env = EnvVar.ReadList(ref json)),
        ("resources", (ref json, container) => container.Resources = Resources.Read(ref json)),
        ("restartPolicy", (ref json, container) => container.RestartPolicy = json.ReadText()),
        ("securityContext", (ref json, container) => container.SecurityContext = SecurityContext.Read(ref json)));

    private static readonly JsonFields<HostPathVolumeSource> HostPath = new(
        ("path", (ref json, source) => source.Path = json.ReadText()),
        ("type", (ref json, source) => source.Type = json.ReadText()));

    private static readonly JsonFields<Volume> Volume = new(
        ("name", (ref json, volume) => volume.Name = json.ReadText()),
        ("hostPath", (ref json, volume) => volume.HostPath = HostPath.Read(ref json)));

    private static readonly JsonFields<NodeSelectorRequirement> Requirement = new(
        ("key", (ref json, requirement) => requirement.Key = json.ReadText()),
        ("operator", (ref json, requirement) => requirement.Operator = json.ReadText()),
        ("values", (ref json, requirement) => requirement.Values = json.ReadTexts()));

    private static readonly JsonFields<NodeSelectorTerm> Term = new(
        ("matchExpressions", (ref json, term) => term.MatchExpressions = Requirement.ReadList(ref json)),
        ("matchFields", (ref json, term) => term.MatchFields = Requirement.ReadList(ref json)));

    private static readonly JsonFields<RequiredNodeAffinity> Required = new(
        ("nodeSelectorTerms", (ref json, required) => required.NodeSelectorTerms = Term.ReadList(ref json)));

    private static readonly JsonFields<NodeAffinity> NodeAffinity = new(
        ("requiredDuringSchedulingIgnoredDuringExecution", (ref json, affinity) => affinity.Required = Required.Read(ref json)));

    private static readonly JsonFields<Affinity> Affinity = new(("nodeAffinity", (ref json, affinity) => affinity.NodeAffinity = NodeAffinity.Read(ref json)));

    private static readonly JsonFields<NodeSelector> NodeSelectors = new(
        (NodeSelector.OsLabel, (ref json, selector) => selector.Os = json.ReadText()),
        (NodeSelector.BetaOsLabel, (ref json, selector) => selector.BetaOs = json.ReadText()),
        (NodeSelector.WindowsBuildLabel, (ref json, selector) => selector.WindowsBuild = json.ReadText()),
        (NodeSelector.TypeLabel, (ref json, selector) => selector.Type = json.ReadText()),
        (NodeSelector.ComputeTypeLabel, (ref json, selector) => selector.ComputeType = json.ReadText()));

    private static readonly JsonFields<PodOS> Os = new(("name", (ref json, os) => os.Name = json.ReadText()));

    private static readonly JsonFields<PodSpec> Spec = new(
        ("volumes", (ref json, spec) => spec.Volumes = Volume.ReadList(ref json)),
        ("initContainers", (ref json, spec) => spec.InitContainers = Container.ReadList(ref json)),
        ("containers", (ref json, spec) => spec.Containers = Container.ReadList(ref json)),
        ("ephemeralContainers", (ref json, spec) => spec.EphemeralContainers = Container.ReadList(ref json)),
        ("resources", (ref json, spec) => spec.Resources = Resources.Read(ref json)),
        ("nodeName", (ref json, spec) => spec.NodeName = json.ReadText()),
        ("nodeSelector", (ref json, spec) => spec.NodeSelector = NodeSelectors.Read(ref json)),
        ("affinity", (ref json, spec) => spec.Affinity = Affinity.Read(ref json)),
        ("schedulerName", (ref json, spec) => spec.SchedulerName = json.ReadText()),
        ("runtimeClassName", (ref json, spec) => spec.RuntimeClassName = json.ReadText()),
        ("os", (ref json, spec) => spec.Os = Os.Read(ref json)),
        ("shareProcessNamespace", (ref json, spec) => spec.ShareProcessNamespace = json.ReadFlag()),
        ("hostUsers", (ref json, spec) => spec.HostUsers = json.ReadFlag()),
        ("hostPID", (ref json, spec) => spec.HostPID = json.ReadFlag()),
        ("securityContext", (ref json, spec) => spec.SecurityContext = PodSecurityContext.Read(ref json)));

    private static readonly JsonFields<PodLabels> Labels = new(
        (LxcfsNames.Label, (ref json, labels) => labels.Lxcfs = json.ReadText()),
        ("eks.amazonaws.com/fargate-profile", (ref json, labels) => labels.FargateProfile = json.ReadText()),
        ("alibabacloud.com/eci", (ref json, labels) => labels.Eci = json.ReadText()));

    private static readonly JsonFields<PodAnnotations> Annotations = new(
        (LxcfsNames.Mutate, (ref json, annotations) => annotations.Mutate = json.ReadText()),
        (LxcfsNames.AliyunMutate, (ref json, annotations) => annotations.AliyunMutate = json.ReadText()),
        (LxcfsNames.KubernetesMutate, (ref json, annotations) => annotations.KubernetesMutate = json.ReadText()),
        (LxcfsNames.SkipContainers, (ref json, annotations) => annotations.SkipContainers = json.ReadText()),
        (LxcfsNames.Env, (ref json, annotations) => annotations.Env = json.ReadText()),
        (LxcfsNames.ConfigMirror, (ref json, annotations) => annotations.ConfigMirror = json.ReadText()),
        (LxcfsNames.SafeToEvictLocalVolumes, (ref json, annotations) => annotations.SafeToEvictLocalVolumes = json.ReadText()),
        (LxcfsNames.Deliver, (ref json, annotations) => annotations.Deliver = json.ReadText()),
        (LxcfsNames.DeliverExcept, (ref json, annotations) => annotations.DeliverExcept = json.ReadText()));

    private static readonly JsonFields<ObjectMeta> Metadata = new(
        ("name", (ref json, metadata) => metadata.Name = json.ReadText()),
        ("generateName", (ref json, metadata) => metadata.GenerateName = json.ReadText()),
        ("labels", (ref json, metadata) => metadata.Labels = Labels.Read(ref json)),
        ("annotations", (ref json, metadata) => metadata.Annotations = Annotations.Read(ref json)));

    private static readonly JsonFields<Pod> Pod = new(
        ("metadata", (ref json, pod) => pod.Metadata = Metadata.Read(ref json)),
        ("spec", (ref json, pod) => pod.Spec = Spec.Read(ref json)));

    private static readonly JsonFields<GroupVersionResource> Resource = new(
        ("group", (ref json, resource) => resource.Group = json.ReadText()),
        ("resource", (ref json, resource) => resource.Resource = json.ReadText()));

    private static readonly JsonFields<AdmissionRequest<Pod>> Request = new(
        ("uid", (ref json, request) => request.Uid = json.ReadText() ?? ""),
        ("resource", (ref json, request) => request.Resource = Resource.Read(ref json)),
        ("subResource", (ref json, request) => request.SubResource = json.ReadText()),
        ("name", (ref json, request) => request.Name = json.ReadText()),
        ("namespace", (ref json, request) => request.Namespace = json.ReadText()),
        ("operation", (ref json, request) => request.Operation = json.ReadText()),
        ("object", (ref json, request) => request.Object = Pod.Read(ref json)),
        ("oldObject", (ref json, request) => request.OldObject = Pod.Read(ref json)));

    public static JsonFields<AdmissionReview<Pod>> Review { get; } = new(
        ("apiVersion", (ref json, review) => review.ApiVersion = json.ReadText()),
        ("kind", (ref json, review) => review.Kind = json.ReadText()),
        ("request", (ref json, review) => review.Request = Request.Read(ref json)));
}
