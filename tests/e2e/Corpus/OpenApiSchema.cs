using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>A pod as an API server describes it itself (/openapi/v2): no field that it knows is forgotten.</summary>
internal sealed class OpenApiSchema(JsonObject document)
{
    private const string Reference = "#/definitions/";

    public Schema Pod => Of(document["definitions"]!["io.k8s.api.core.v1.Pod"]!.AsObject(), "Pod");

    private Schema Of(JsonObject schema, string kind = "")
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            var name = reference[Reference.Length..];
            return name.EndsWith(".Quantity", StringComparison.Ordinal)
                ? new(Form.Quantity)
                : Of(document["definitions"]![name]!.AsObject(), name.Split('.')[^1]);
        }

        return (string?)schema["type"] switch
        {
            "string" => new((string?)schema["format"] switch { "date-time" => Form.Time, "int-or-string" => Form.IntOrText, _ => Form.Text }),
            "integer" => new(Form.Integer),
            "number" => new(Form.Number),
            "boolean" => new(Form.Boolean),
            "array" => new(Form.List) { Items = Of(schema["items"]!.AsObject()) },
            _ when schema["additionalProperties"] is JsonObject values => new(Form.Map) { Items = Of(values) },
            _ => new(Form.Object, kind)
            {
                Fields = (schema["properties"]?.AsObject() ?? []).ToDictionary(field => field.Key, field => Of(field.Value!.AsObject())),
                Required = [.. (schema["required"]?.AsArray() ?? []).Select(name => (string)name!)],
            },
        };
    }
}
