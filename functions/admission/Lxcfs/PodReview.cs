using System.Text.Json;
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
        AdmissionLog.Cut(request.Name is { Length: > 0 } name ? name : request.Object?.Metadata?.GenerateName);

    private static AdmissionReview<Pod>? Parse(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        try
        {
            json.Read();
            var review = PodFields.Review.Read(ref json);
            // Nothing may follow.
            json.Read();
            return review;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Its own message would quote the body, and with it whatever secret an environment variable holds.
            throw new ReviewException(
                JsonPosition.PathAt(text, json.BytesConsumed), $"not the JSON of an AdmissionReview ({JsonPosition.LineAt(text, json.BytesConsumed)})");
        }
    }
}
