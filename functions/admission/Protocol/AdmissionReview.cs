namespace LxcfsFunctions.Admission;

/// <summary>What an API server posts: <c>admission.k8s.io/v1</c>, kind <c>AdmissionReview</c>.</summary>
/// <typeparam name="T">The fields of the reviewed object that the decision reads; all others are passed over.</typeparam>
internal sealed record AdmissionReview<T> where T : class
{
    public const string V1 = "admission.k8s.io/v1";
    public const string ReviewKind = "AdmissionReview";

    public string? ApiVersion { get; set; }
    public string? Kind { get; set; }
    public AdmissionRequest<T>? Request { get; set; }

    /// <summary>Says what keeps this from being a review that can be answered, and how to mend it; null for a good one.</summary>
    public string? FindFault() => this switch
    {
        { Kind: not ReviewKind } => $"kind: expected {ReviewKind}",
        { ApiVersion: not V1 } => $"apiVersion: only {V1} is served; register the webhook with admissionReviewVersions: [v1]",
        { Request: null } => "request: missing; an API server always sends one",
        { Request.Uid: null or "" } => "request.uid: missing; the response has to echo it",
        _ => null,
    };
}

/// <summary>One request to create, change or delete an object. Any field can be absent or null.</summary>
internal sealed record AdmissionRequest<T> where T : class
{
    public string Uid { get; set; } = "";
    public GroupVersionResource? Resource { get; set; }
    public string? SubResource { get; set; }

    /// <summary>Empty where the server makes up the name from <c>metadata.generateName</c>.</summary>
    public string? Name { get; set; }

    public string? Namespace { get; set; }
    public string? Operation { get; set; }

    /// <summary>Null on DELETE.</summary>
    public T? Object { get; set; }

    /// <summary>Null on CREATE.</summary>
    public T? OldObject { get; set; }

    public bool Is(string operation, string resource, string? subResource = null) =>
        Operation == operation && Resource is { Group: null or "" } && Resource.Resource == resource
        && (SubResource ?? "") == (subResource ?? "");
}

internal sealed record GroupVersionResource
{
    public string? Group { get; set; }
    public string? Resource { get; set; }
}
