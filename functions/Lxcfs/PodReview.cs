using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    /// <param name="json">A review in UTF-8; overwritten.</param>
    /// <exception cref="FormatException">It is not a review of a pod; the message names the field and never quotes a value.</exception>
    public static AdmissionRequest<Pod> Parse(Span<byte> json)
    {
        AdmissionReview<Pod>? review;
        try
        {
            review = JsonSerializer.Deserialize(json[..ManagedFields.Cut(json)], PodJsonContext.Default.AdmissionReviewPod);
        }
        catch (JsonException fault)
        {
            // Its own message would quote the body, and with it whatever secret an environment variable holds.
            throw new FormatException($"{fault.Path ?? "$"}: not the JSON of an AdmissionReview (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine})", fault);
        }

        return review is null ? throw new FormatException("$: expected an AdmissionReview, not null")
            : review.FindFault() is { } mistake ? throw new FormatException(mistake)
            : review.Request!;
    }
}
