using System.Buffers;
using System.Text.Json;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>
/// A preview as JSON, for --json and the page. Member by member, since what the serializer's generator makes of it would be the
/// largest part of the program that no webhook needs.
/// </summary>
internal static class PreviewJson
{
    public static ReadOnlyMemory<byte> Of(Preview preview)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteList(json, "documents", preview.Documents, WriteDocument);
            json.WriteString("output", preview.Output);
            WriteList(json, "errors", preview.Errors, WriteError);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write) where T : class
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
    }

    private static void WriteDocument(Utf8JsonWriter json, PreviewDocument document)
    {
        json.WriteStartObject();
        json.WriteString("kind", document.Kind);
        json.WriteString("name", document.Name);
        if (document.Field.Length > 0)
            json.WriteString("template", document.Field);
        json.WriteString("namespace", document.Namespace);
        json.WriteNumber("line", document.Line);
        json.WriteString("outcome", document.Outcome.ToString());
        json.WriteString("reason", document.Reason);
        json.WriteString("message", document.Message);
        WriteList(json, "warnings", document.Warnings, WriteWarning);
        WriteList(json, "problems", document.Problems, WriteProblem);
        WriteList(json, "containers", document.Containers, WriteContainer);
        json.WriteEndObject();
    }

    private static void WriteWarning(Utf8JsonWriter json, Message warning)
    {
        json.WriteStartObject();
        WriteMessage(json, warning);
        json.WriteEndObject();
    }

    /// <summary>The sentence for people who read English, the code and the values for everybody else.</summary>
    private static void WriteMessage(Utf8JsonWriter json, Message message)
    {
        json.WriteString("code", message.Code);
        WriteList(json, "values", message.Values, (writer, value) => writer.WriteStringValue(value));
        json.WriteString("message", message.Text);
    }

    private static void WriteProblem(Utf8JsonWriter json, PreviewProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("field", problem.Field);
        WriteMessage(json, problem.Message);
        json.WriteNumber("line", problem.Line);
        json.WriteEndObject();
    }

    private static void WriteContainer(Utf8JsonWriter json, ContainerSight container)
    {
        json.WriteStartObject();
        json.WriteString("name", container.Name);
        json.WriteString("kind", container.Kind.ToString().ToLowerInvariant());
        WriteList(json, "rows", container.Rows, WriteRow);
        json.WriteEndObject();
    }

    /// <summary>The name of what to do is one that programs know.</summary>
    private static void WriteRow(Utf8JsonWriter json, SightRow row)
    {
        json.WriteStartObject();
        json.WriteString("command", row.Command);
        WriteValue(json, "node", row.Node);
        WriteValue(json, "container", row.Container);
        json.WriteString("limit", row.Limit);
        json.WriteString("status", row.Status.ToString());
        json.WriteString("reason", row.Reason.ToString());
        json.WriteString("reasonText", row.ReasonText);
        json.WriteString("cureCode", row.FixCode.ToString());
        json.WriteString("cure", row.Fix);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string value)
    {
        json.WriteString(name, value);
        if (SightRows.Codes.TryGetValue(value, out var code))
            json.WriteString(name + "Code", code);
    }

    private static void WriteError(Utf8JsonWriter json, ManifestError error)
    {
        json.WriteStartObject();
        json.WriteNumber("line", error.Line);
        json.WriteNumber("column", error.Column);
        json.WriteString("field", error.Field);
        WriteMessage(json, error.Message);
        json.WriteEndObject();
    }
}
