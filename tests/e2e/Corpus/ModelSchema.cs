using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>
/// A pod as KubernetesClient's models have it, which know younger fields than the API server that can be built here: resource
/// claims, scheduling gates, the pod's own resources, native sidecars.
/// </summary>
internal static class ModelSchema
{
    public static Schema Pod => Of(typeof(V1Pod));

    private static Schema Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType)
        {
            var arguments = type.GetGenericArguments();
            return new(arguments.Length == 2 ? Form.Map : Form.List) { Items = Of(arguments[^1]) };
        }

        return type switch
        {
            _ when type == typeof(string) || type == typeof(byte[]) => new(Form.Text),
            _ when type == typeof(int) || type == typeof(long) => new(Form.Integer),
            _ when type == typeof(double) => new(Form.Number),
            _ when type == typeof(bool) => new(Form.Boolean),
            _ when type == typeof(DateTime) => new(Form.Time),
            _ when type == typeof(ResourceQuantity) => new(Form.Quantity),
            _ when type == typeof(IntOrString) => new(Form.IntOrText),
            _ => new(Form.Object, type.Name.Replace("V1", "", StringComparison.Ordinal)) { Fields = Fields(type) },
        };
    }

    private static Dictionary<string, Schema> Fields(Type type) => type.GetProperties()
        .Select(property => (Name: property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, property.PropertyType))
        .Where(field => field.Name is not null).ToDictionary(field => field.Name!, field => Of(field.PropertyType));
}
