using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>How much of its containers a decision looks at: a large pod is variables and resources for the most part.</summary>
internal enum Reading
{
    /// <summary>Neither variables nor resources.</summary>
    Mounts,

    /// <summary>Resources too.</summary>
    Limits,

    /// <summary>Everything that <see cref="Pod"/> knows.</summary>
    All,
}

/// <summary>Reads a review of a pod.</summary>
internal static class PodReview
{
    private static readonly ReviewReader All = new(Reading.All);
    private static readonly ReviewReader Limits = new(Reading.Limits);
    private static readonly ReviewReader Mounts = new(Reading.Mounts);

    /// <param name="json">A review in UTF-8.</param>
    /// <param name="reading">What the decision looks at. A pod that asks for a profile is read whole.</param>
    /// <exception cref="FormatException">It is not a review of a pod; the message names the field and never quotes a value.</exception>
    public static AdmissionRequest<Pod> Parse(ReadOnlySpan<byte> json, Reading reading)
    {
        var review = reading switch
        {
            Reading.Mounts => Mounts.TryRead(json),
            Reading.Limits => Limits.TryRead(json),
            _ => null,
        };
        if (review is null or { Request.Object.Metadata.Annotations.Env: not null })
            review = All.TryRead(json) ?? Deserialize(json);
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
            throw new FormatException(
                $"{fault.Path ?? "$"}: not the JSON of an AdmissionReview (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine})", fault);
        }
    }
}
