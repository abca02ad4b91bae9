using System.Text;
using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    private static readonly byte[] EnvAnnotation = Encoding.UTF8.GetBytes(LxcfsNames.Env);

    /// <param name="json">A review in UTF-8; overwritten.</param>
    /// <param name="profiles">Whether pods get environment profiles that they don't ask for: only a profile looks at variables.</param>
    /// <exception cref="FormatException">It is not a review of a pod; the message names the field and never quotes a value.</exception>
    public static AdmissionRequest<Pod> Parse(Span<byte> json, bool profiles)
    {
        var length = JsonLists.Cut(json, "\"managedFields\":["u8);
        if (!profiles && json[..length].IndexOf(EnvAnnotation) < 0)
            length = JsonLists.Cut(json[..length], "\"env\":["u8);
        AdmissionReview<Pod>? review;
        try
        {
            review = JsonSerializer.Deserialize(json[..length], PodJsonContext.Default.AdmissionReviewPod);
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
