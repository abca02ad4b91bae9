using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    /// <param name="json">A review in UTF-8. What no decision reads is passed over, but has to be JSON too.</param>
    /// <exception cref="ReviewException">It is not a review of a pod.</exception>
    public static AdmissionRequest<Pod> Read(ReadOnlySpan<byte> json)
    {
        // The parser looks at the bytes of a text only where somebody reads it.
        if (!Utf8.IsValid(json))
            throw new ReviewException("$", "not text in UTF-8");
        var review = Parse(json) ?? throw new ReviewException("$", "expected an AdmissionReview, not null");
        review.Validate();
        return review.Request!;
    }

    /// <summary>How people know the pod. The API server sends no name for a ReplicaSet's pods.</summary>
    public static string? NameOf(AdmissionRequest<Pod> request) =>
        request.Name is { Length: > 0 } name ? name : request.Object?.Metadata?.GenerateName;

    private static AdmissionReview<Pod>? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PodJsonContext.Default.AdmissionReviewPod);
        }
        catch (JsonException error)
        {
            // Its own message would quote the body, and with it whatever secret an environment variable holds.
            throw new ReviewException(
                error.Path ?? "$", $"not the JSON of an AdmissionReview (line {error.LineNumber + 1}, byte {error.BytePositionInLine})");
        }
    }
}

/// <summary>
/// Strict, since an API server writes plain JSON: a field that is read may stand in its object once, or two readers could take
/// the same bytes for two pods.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AdmissionReview<Pod>))]
internal sealed partial class PodJsonContext : JsonSerializerContext;
