using System.Buffers.Text;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>Writes the <c>AdmissionReview</c> that answers a request.</summary>
internal static class AdmissionResponse
{
    public static void Write(PooledBuffer output, string uid, AdmissionDecision decision)
    {
        output.Write("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"""u8);
        output.WriteString(uid);
        output.Write(decision.Allowed ? ""","allowed":true"""u8 : ""","allowed":false"""u8);
        if (decision.Patch is { } patch)
            WritePatch(output, patch);
        if (!decision.Allowed || decision.Warnings.Count > 0)
            WriteMessages(output, decision);
        output.Write(""","auditAnnotations":{"outcome":"""u8);
        output.WriteString(decision.Outcome.ToName());
        output.Write(""","reason":"""u8);
        output.WriteString(decision.Reason);
        output.Write("}}}"u8);
    }

    private static void WritePatch(PooledBuffer output, Action<JsonPatch> write)
    {
        var patch = new JsonPatch();
        write(patch);
        var json = patch.Complete();
        output.Write(",\"patchType\":\"JSONPatch\",\"patch\":\""u8);
        Base64.EncodeToUtf8(json, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(json.Length)), out _, out var written);
        output.Advance(written);
        output.Write("\""u8);
    }

    /// <summary>What few answers have.</summary>
    private static void WriteMessages(PooledBuffer output, AdmissionDecision decision)
    {
        output.Write(","u8);
        using var json = new Utf8JsonWriter(output, new() { SkipValidation = true });
        if (!decision.Allowed)
            WriteStatus(json, decision);
        WriteWarnings(json, decision.Warnings);
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
