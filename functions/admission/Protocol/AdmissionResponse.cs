using System.Text.Json;
using LxcfsFunctions.Hosting;

namespace LxcfsFunctions.Admission;

/// <summary>Writes the <c>AdmissionReview</c> that answers a request.</summary>
internal static class AdmissionResponse
{
    /// <summary>Bytes; enough for a pod of a few containers.</summary>
    private const int ExpectedLength = 8 << 10;

    /// <summary>API servers may cut longer ones (Kubernetes, "Dynamic Admission Control", Response).</summary>
    private const int MaxWarningLength = 120;

    private const string Cut = "...";

    /// <returns>For the caller to give back.</returns>
    public static PooledBuffer Write(string uid, AdmissionDecision decision)
    {
        var output = new PooledBuffer(ExpectedLength);
        using var json = new Utf8JsonWriter(output, new() { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, "admission.k8s.io/v1"u8);
        json.WriteString("kind"u8, "AdmissionReview"u8);
        json.WriteStartObject("response"u8);
        json.WriteString("uid"u8, uid);
        json.WriteBoolean("allowed"u8, decision.Allowed);
        if (decision.Patch is { } patch)
        {
            using var document = new PooledBuffer(ExpectedLength);
            patch.WriteTo(document);
            json.WriteString("patchType"u8, "JSONPatch"u8);
            json.WriteBase64String("patch"u8, document.Written.Span);
        }

        if (!decision.Allowed)
            WriteStatus(json, decision);
        WriteWarnings(json, decision.Warnings);
        json.WriteStartObject("auditAnnotations"u8);
        json.WriteString("outcome"u8, decision.Outcome.ToString());
        json.WriteString("reason"u8, decision.Reason);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output;
    }

    /// <summary>A warning as an API server shows it whole.</summary>
    public static string Fit(Message warning) => warning.Text is var text && text.Length <= MaxWarningLength
        ? text
        : text[..(MaxWarningLength - Cut.Length)] + Cut;

    private static void WriteStatus(Utf8JsonWriter json, AdmissionDecision decision)
    {
        json.WriteStartObject("status"u8);
        json.WriteString("status"u8, "Failure"u8);
        json.WriteNumber("code"u8, 422);
        json.WriteString("reason"u8, "Invalid"u8);
        json.WriteString("message"u8, string.Join("; ", decision.Causes.Select(cause => cause.Field.Length > 0 ? $"{cause.Field}: {cause.Message}" : cause.Message.Text)));
        json.WriteStartObject("details"u8);
        if (decision.Name is { } name)
            json.WriteString("name"u8, name);
        json.WriteString("kind"u8, "Pod"u8);
        json.WriteStartArray("causes"u8);
        foreach (var cause in decision.Causes)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, "FieldValueInvalid"u8);
            json.WriteString("message"u8, cause.Message.Text);
            json.WriteString("field"u8, cause.Field);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<Message> warnings)
    {
        if (warnings.Count == 0)
            return;
        json.WriteStartArray("warnings"u8);
        foreach (var warning in warnings)
            json.WriteStringValue(Fit(warning));
        json.WriteEndArray();
    }
}
