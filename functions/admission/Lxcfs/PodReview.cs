using System.Text.Json;
using System.Text.Unicode;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    /// <summary>
    /// Each that is read takes some 100 bytes. Seven times what a server with managed fields makes of a pod with as many containers
    /// and mounts as this adds to (<see cref="PodSize.MostContainers"/>).
    /// </summary>
    private const int MostObjects = 100_000;

    /// <summary>Of the shortest in a list, <c>{},</c>.</summary>
    private const int BytesOfAnObject = 3;

    /// <param name="json">A review in UTF-8. What no decision reads is passed over, but has to be JSON too.</param>
    /// <exception cref="ReviewException">It is not a review of a pod.</exception>
    public static AdmissionRequest<Pod> Read(ReadOnlySpan<byte> json)
    {
        // The parser looks at the bytes of a text only where somebody reads it.
        if (!Utf8.IsValid(json))
            throw new ReviewException("$", "not text in UTF-8");
        if (json.Length > MostObjects * BytesOfAnObject && json.Count((byte)'{') > MostObjects)
            throw new ReviewException("$", $"more than {MostObjects} objects");
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
