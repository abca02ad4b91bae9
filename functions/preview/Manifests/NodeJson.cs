using System.Text.Json;

namespace LxcfsFunctions.Manifests;

/// <summary>Writes expanded values as the JSON that kubectl would send.</summary>
internal static class NodeJson
{
    public static void Write(Utf8JsonWriter json, Node node)
    {
        switch (node)
        {
            case MapNode map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Members)
                {
                    json.WritePropertyName(((ScalarNode)key).Value);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case ListNode list:
                json.WriteStartArray();
                list.Items.ForEach(item => Write(json, item));
                json.WriteEndArray();
                break;
            case ScalarNode scalar:
                WriteScalar(json, scalar);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, ScalarNode scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.True or ScalarKind.False:
                json.WriteBooleanValue(scalar.Kind == ScalarKind.True);
                break;
            case ScalarKind.Number:
                json.WriteRawValue(Scalars.NumberOf(scalar.Value)!, skipInputValidation: true);
                break;
            default:
                json.WriteStringValue(scalar.Value);
                break;
        }
    }
}
