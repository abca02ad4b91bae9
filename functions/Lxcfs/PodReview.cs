using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    private static readonly JsonBinder<AdmissionReview<Pod>> Whole = new(PodJsonContext.Default.AdmissionReviewPod);
    private static readonly JsonBinder<AdmissionReview<Pod>> WithoutVariables = new(PodJsonContext.Default.AdmissionReviewPod, unread: typeof(List<EnvVar>));

    /// <param name="json">A review in UTF-8.</param>
    /// <param name="profiles">Whether pods get environment profiles that they don't ask for: only a profile looks at variables.</param>
    /// <exception cref="FormatException">It is not a review of a pod; the message names the field and never quotes a value.</exception>
    public static AdmissionRequest<Pod> Parse(ReadOnlySpan<byte> json, bool profiles)
    {
        var review = profiles ? null : WithoutVariables.TryRead(json);
        if (review is null or { Request.Object.Metadata.Annotations.Env: not null })
            review = Whole.TryRead(json) ?? Deserialize(json);
        return review is null ? throw new FormatException("$: expected an AdmissionReview, not null")
            : review.FindFault() is { } mistake ? throw new FormatException(mistake)
            : review.Request!;
    }

    /// <summary>How people know the pod. The API server sends no name for a ReplicaSet's pods.</summary>
    public static string? NameOf(AdmissionRequest<Pod> request) =>
        request.Name is { Length: > 0 } name ? name : request.Object?.Metadata?.GenerateName;

    private static AdmissionReview<Pod>? Deserialize(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PodJsonContext.Default.AdmissionReviewPod);
        }
        catch (JsonException fault)
        {
            // Its own message would quote the body, and with it whatever secret an environment variable holds.
            throw new FormatException($"{fault.Path ?? "$"}: not the JSON of an AdmissionReview (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine})", fault);
        }
    }
}
