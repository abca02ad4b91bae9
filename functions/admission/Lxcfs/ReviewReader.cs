using System.Text;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// Reads a review as System.Text.Json would by <see cref="PodJsonContext"/>, field by field: most of a review is fields that no decision reads,
/// and a parser takes every one of them apart. What is not plain enough for <see cref="JsonCursor"/> is left to System.Text.Json.
/// </summary>
internal sealed class ReviewReader(Reading reading)
{
    private static readonly (byte[] Name, Action<PodLabels, string?> Set)[] Labels = [(Utf8(LxcfsNames.Label), (labels, text) => labels.Lxcfs = text)];

    private static readonly (byte[] Name, Action<PodAnnotations, string?> Set)[] Annotations =
    [
        (Utf8(LxcfsNames.Mutate), (annotations, text) => annotations.Mutate = text),
        (Utf8(LxcfsNames.AliyunMutate), (annotations, text) => annotations.AliyunMutate = text),
        (Utf8(LxcfsNames.KubernetesMutate), (annotations, text) => annotations.KubernetesMutate = text),
        (Utf8(LxcfsNames.SkipContainers), (annotations, text) => annotations.SkipContainers = text),
        (Utf8(LxcfsNames.Env), (annotations, text) => annotations.Env = text),
        (Utf8(LxcfsNames.ConfigMirror), (annotations, text) => annotations.ConfigMirror = text),
        (Utf8(LxcfsNames.SafeToEvictLocalVolumes), (annotations, text) => annotations.SafeToEvictLocalVolumes = text),
    ];

    private readonly PodSpecReader _spec = new(reading);

    /// <summary>Null where System.Text.Json should read it instead, or say what is wrong with it.</summary>
    public AdmissionReview<Pod>? TryRead(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        var review = Review(ref cursor);
        return cursor.AtEnd() ? review : null;
    }

    private AdmissionReview<Pod>? Review(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var review = new AdmissionReview<Pod>();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("request"u8))
                review.Request = Request(ref json);
            else if (name.SequenceEqual("kind"u8))
                review.Kind = json.ReadText();
            else if (name.SequenceEqual("apiVersion"u8))
                review.ApiVersion = json.ReadText();
            else
                json.Skip();
        }

        return review;
    }

    private AdmissionRequest<Pod>? Request(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var request = new AdmissionRequest<Pod>();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("uid"u8))
                request.Uid = json.ReadText()!;
            else if (name.SequenceEqual("resource"u8))
                request.Resource = Resource(ref json);
            else if (name.SequenceEqual("subResource"u8))
                request.SubResource = json.ReadText();
            else if (name.SequenceEqual("name"u8))
                request.Name = json.ReadText();
            else if (name.SequenceEqual("namespace"u8))
                request.Namespace = json.ReadText();
            else if (name.SequenceEqual("operation"u8))
                request.Operation = json.ReadText();
            else if (name.SequenceEqual("object"u8))
                request.Object = Pod(ref json);
            else if (name.SequenceEqual("oldObject"u8))
                request.OldObject = Pod(ref json);
            else
                json.Skip();
        }

        return request;
    }

    private static GroupVersionResource? Resource(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var resource = new GroupVersionResource();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("group"u8))
                resource.Group = json.ReadText();
            else if (name.SequenceEqual("resource"u8))
                resource.Resource = json.ReadText();
            else
                json.Skip();
        }

        return resource;
    }

    private Pod? Pod(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var pod = new Pod();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("metadata"u8))
                pod.Metadata = Metadata(ref json);
            else if (name.SequenceEqual("spec"u8))
                pod.Spec = _spec.Read(ref json);
            else
                json.Skip();
        }

        return pod;
    }

    private static ObjectMeta? Metadata(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var metadata = new ObjectMeta();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("name"u8))
                metadata.Name = json.ReadText();
            else if (name.SequenceEqual("generateName"u8))
                metadata.GenerateName = json.ReadText();
            else if (name.SequenceEqual("labels"u8))
                metadata.Labels = Known(ref json, Labels);
            else if (name.SequenceEqual("annotations"u8))
                metadata.Annotations = Known(ref json, Annotations);
            else
                json.Skip();
        }

        return metadata;
    }

    private static T? Known<T>(ref JsonCursor json, (byte[] Name, Action<T, string?> Set)[] known) where T : class, new()
    {
        if (json.TryReadNull())
            return null;
        var texts = new T();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            var i = 0;
            while (i < known.Length && !name.SequenceEqual(known[i].Name))
                i++;
            if (i < known.Length)
                known[i].Set(texts, json.ReadText());
            else
                json.Skip();
        }

        return texts;
    }

    private static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name);
}
