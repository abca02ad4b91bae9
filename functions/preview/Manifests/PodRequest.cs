using System.Text.Json;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Manifests;

/// <summary>What an API server would ask of a pod that is made from a template.</summary>
internal static class PodRequest
{
    private const string ObjectPath = "$.request.object.";

    /// <param name="pod">The template, expanded.</param>
    public static AdmissionRequest<Pod> Of(PodTemplate template, Node pod, string @namespace)
    {
        try
        {
            return PodReview.Read(Write(template, pod, @namespace));
        }
        catch (ReviewException exception)
        {
            throw Located(template, pod, exception);
        }
    }

    private static ReadOnlySpan<byte> Write(PodTemplate template, Node pod, string @namespace)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, AdmissionReview<Pod>.V1);
        json.WriteString("kind"u8, AdmissionReview<Pod>.ReviewKind);
        json.WriteStartObject("request"u8);
        json.WriteString("uid"u8, "manifest"u8);
        json.WriteStartObject("resource"u8);
        json.WriteString("group"u8, ""u8);
        json.WriteString("version"u8, "v1"u8);
        json.WriteString("resource"u8, "pods"u8);
        json.WriteEndObject();
        json.WriteString("name"u8, template.Name);
        json.WriteString("namespace"u8, @namespace);
        json.WriteString("operation"u8, "CREATE"u8);
        json.WritePropertyName("object"u8);
        NodeJson.Write(json, pod);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>The reader names the field from the review's root.</summary>
    private static ManifestException Located(PodTemplate template, Node pod, ReviewException exception)
    {
        var field = exception.Field.StartsWith(ObjectPath, StringComparison.Ordinal) ? exception.Field[ObjectPath.Length..] : "";
        return ManifestException.At(FieldPath.Nearest(pod, field), template.Field(field), ManifestProblems.WrongType);
    }
}
