namespace LxcfsFunctions.Admission;

/// <summary>What an API server posts: <c>admission.k8s.io/v1</c>, kind <c>AdmissionReview</c>.</summary>
/// <typeparam name="T">The fields of the reviewed object that the decision reads; all others are passed over.</typeparam>
internal sealed record AdmissionReview<T> where T : class
{
    public const string V1 = "admission.k8s.io/v1";
    public const string ReviewKind = "AdmissionReview";

    /// <summary>An API server's own has 36 characters.</summary>
    private const int LongestUid = 128;

    public string? ApiVersion { get; set; }
    public string? Kind { get; set; }
    public AdmissionRequest<T>? Request { get; set; }

    /// <exception cref="ReviewException">It can't be answered.</exception>
    public void Validate()
    {
        if (Kind != ReviewKind)
            throw new ReviewException("kind", $"expected {ReviewKind}");
        if (ApiVersion != V1)
            throw new ReviewException("apiVersion", $"only {V1} is served; register the webhook with admissionReviewVersions: [v1]");
        if (Request is null)
            throw new ReviewException("request", "missing; an API server always sends one");
        if (string.IsNullOrEmpty(Request.Uid))
            throw new ReviewException("request.uid", "missing; the response has to echo it");
        if (Request.Uid.Length > LongestUid)
            throw new ReviewException("request.uid", $"longer than {LongestUid} characters");
    }
}

/// <summary>What was sent is no review that can be answered. The message never quotes a value.</summary>
/// <param name="field">The path of the field, as System.Text.Json writes it.</param>
/// <param name="problem">What is wrong with it.</param>
internal sealed class ReviewException(string field, string problem) : Exception($"{field}: {problem}")
{
    public string Field { get; } = field;
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
