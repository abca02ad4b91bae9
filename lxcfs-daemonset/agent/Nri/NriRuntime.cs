using System.Text;

namespace LxcfsAgent.Nri;

/// <summary>The runtime's name and version, as it gives them in Configure.</summary>
internal static class NriRuntime
{
    private const int Most = 100;

    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static string Read(ReadOnlySpan<byte> payload)
    {
        string name = "", version = "";
        for (var reader = new ProtoReader(payload); reader.Next();)
        {
            if (reader.Field == NriApi.ConfigureRequest.RuntimeName)
                name = Text(reader.Bytes);
            else if (reader.Field == NriApi.ConfigureRequest.RuntimeVersion)
                version = Text(reader.Bytes);
        }

        return $"{name} {version}";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Most)]);
}
