using System.Text.Json.Serialization;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AdmissionReview<Pod>))]
internal sealed partial class PodJsonContext : JsonSerializerContext;
