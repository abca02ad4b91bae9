using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace LxcfsAgent.Tests.Nri;

/// <summary>An image, made of nothing, whose program waits for ever.</summary>
internal static class PauseImage
{
    public const string Name = "localhost/pause:test";

    /// <summary>An ELF of x86-64 with one segment, and the system call pause in a loop.</summary>
    private const string Program =
        "7f454c46020101000000000000000000" + "02003e0001000000" + "7800400000000000" + "4000000000000000" + "0000000000000000" +
        "00000000" + "4000380001000000" + "00000000" +
        "0100000005000000" + "0000000000000000" + "0000400000000000" + "0000400000000000" + "8100000000000000" + "8100000000000000" + "0010000000000000" +
        "b822000000" + "0f05" + "ebf7";

    public static void Write(string path)
    {
        var layer = Tar(("pause", Convert.FromHexString(Program)), ("proc/", []), ("sys/", []), ("dev/", []), ("etc/", []));
        var config = $$$"""{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:{{{Convert.ToHexStringLower(SHA256.HashData(layer))}}}"]}}""";
        var manifest = $$"""[{"Config":"config.json","RepoTags":["{{Name}}"],"Layers":["layer.tar"]}]""";
        File.WriteAllBytes(path, Tar(("config.json", Encoding.UTF8.GetBytes(config)), ("layer.tar", layer), ("manifest.json", Encoding.UTF8.GetBytes(manifest))));
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = new UstarTarEntry(name.EndsWith('/') ? TarEntryType.Directory : TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b111_101_101 };
                if (content.Length > 0)
                    entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }

        return archive.ToArray();
    }
}
