using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace LxcfsNode.Tests.Rig;

/// <summary>An image in an OCI archive (opencontainers/image-spec): its configuration and its files.</summary>
internal sealed class OciArchive
{
    private readonly Dictionary<string, byte[]> _entries;
    private readonly JsonNode _manifest;

    public OciArchive(string path)
    {
        using var stream = File.OpenRead(path);
        _entries = Entries(stream).Where(entry => entry.Data.Length > 0).ToDictionary(entry => entry.Name.TrimStart('.', '/'), entry => entry.Data);
        _manifest = Blob(JsonNode.Parse(_entries["index.json"])!["manifests"]![0]!);
        Configuration = Blob(_manifest["config"]!)["config"]!;
    }

    public JsonNode Configuration { get; }

    /// <summary>Regular files and links of all layers, by their paths, with the rights of the uppermost one.</summary>
    public IReadOnlyDictionary<string, UnixFileMode> Files
    {
        get
        {
            Dictionary<string, UnixFileMode> files = [];
            foreach (var layer in _manifest["layers"]!.AsArray())
            {
                using var unzipped = new GZipStream(new MemoryStream(Raw(layer!)), CompressionMode.Decompress);
                foreach (var (name, mode, _) in Entries(unzipped))
                    files[name.TrimEnd('/')] = mode;
            }

            return files;
        }
    }

    private static IEnumerable<(string Name, UnixFileMode Mode, byte[] Data)> Entries(Stream stream)
    {
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.Directory)
                continue;
            using var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            yield return (entry.Name, entry.Mode, data.ToArray());
        }
    }

    private JsonNode Blob(JsonNode descriptor) => JsonNode.Parse(Raw(descriptor))!;

    private byte[] Raw(JsonNode descriptor) => _entries[$"blobs/{descriptor["digest"]!.GetValue<string>().Replace(':', '/')}"];
}
