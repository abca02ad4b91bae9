using System.Buffers;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>Writes the <c>AdmissionReview</c> that answers a request.</summary>
internal static class AdmissionResponse
{
    private static readonly JsonEncodedText ApiVersion = JsonEncodedText.Encode("apiVersion");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText V1 = JsonEncodedText.Encode(AdmissionReview<object>.V1);
    private static readonly JsonEncodedText ReviewKind = JsonEncodedText.Encode(AdmissionReview<object>.ReviewKind);
    private static readonly JsonEncodedText Response = JsonEncodedText.Encode("response");

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public static void Write(IBufferWriter<byte> output, string uid, AdmissionDecision decision)
    {
        var json = _json ??= new(output, new() { SkipValidation = true });
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString(ApiVersion, V1);
        json.WriteString(Kind, ReviewKind);
        json.WriteStartObject(Response);
        json.WriteString("uid"u8, uid);
        json.WriteBoolean("allowed"u8, decision.Allowed);
        if (decision.Patch is not null)
            WritePatch(json, decision.Patch);
        if (!decision.Allowed)
            WriteStatus(json, decision);
        WriteWarnings(json, decision.Warnings);
        json.WriteStartObject("auditAnnotations"u8);
        json.WriteString("outcome"u8, decision.Outcome.ToName());
        json.WriteString("reason"u8, decision.Reason);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    private static void WritePatch(Utf8JsonWriter json, Action<JsonPatch> write)
    {
        var patch = new JsonPatch();
        write(patch);
        json.WriteString("patchType"u8, "JSONPatch"u8);
        json.WriteBase64String("patch"u8, patch.Complete());
    }

    private static void WriteStatus(Utf8JsonWriter json, AdmissionDecision decision)
    {
        json.WriteStartObject("status"u8);
        json.WriteString("status"u8, "Failure"u8);
        json.WriteNumber("code"u8, 422);
        json.WriteString("reason"u8, "Invalid"u8);
        json.WriteString("message"u8, string.Join("; ", decision.Causes.Select(cause => $"{cause.Field}: {cause.Message}")));
        json.WriteStartObject("details"u8);
        if (decision.Name is { } name)
            json.WriteString("name"u8, name);
        json.WriteString("kind"u8, "Pod"u8);
        json.WriteStartArray("causes"u8);
        foreach (var cause in decision.Causes)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, "FieldValueInvalid"u8);
            json.WriteString("message"u8, cause.Message);
            json.WriteString("field"u8, cause.Field);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
            return;
        json.WriteStartArray("warnings"u8);
        foreach (var warning in warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }
}
