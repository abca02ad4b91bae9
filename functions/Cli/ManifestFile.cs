using System.Text;

namespace LxcfsFunctions.Cli;

/// <summary>A manifest as it was read.</summary>
/// <param name="Name">As given; <c>-</c> for standard input.</param>
/// <param name="Mark">The byte order mark, where it has one.</param>
internal sealed record ManifestFile(string Name, string Text, string Mark)
{
    public const string StandardInput = "-";

    /// <summary>Bytes; a cluster's whole state is smaller.</summary>
    private const int Largest = 64 << 20;

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads them all, and says of each what keeps it from being read.</summary>
    public static (IReadOnlyList<ManifestFile> Files, IReadOnlyList<string> Errors) ReadAll(IReadOnlyList<string> names)
    {
        var (files, errors) = (new List<ManifestFile>(), new List<string>());
        foreach (var name in names.SelectMany(FilesOf))
        {
            try
            {
                files.Add(Read(name));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"{name}: {exception.Message}");
            }
            catch (ArgumentException) when (name.Length == 0)
            {
                errors.Add("--file: expected a name; this one is empty");
            }
            catch (DecoderFallbackException exception)
            {
                errors.Add($"{name}: byte {exception.Index} is not UTF-8");
            }
        }

        return (files, errors);
    }

    /// <summary>Of a folder, the manifests right in it, as kubectl takes them.</summary>
    private static IEnumerable<string> FilesOf(string name) => Directory.Exists(name)
        ? Directory.GetFiles(name).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
        : [name];

    private static ManifestFile Read(string name)
    {
        using var source = name == StandardInput ? Console.OpenStandardInput() : File.OpenRead(name);
        using var bytes = new MemoryStream();
        var piece = new byte[81920];
        while (source.Read(piece) is > 0 and var read)
        {
            bytes.Write(piece, 0, read);
            if (bytes.Length > Largest)
                throw new IOException($"larger than {Largest >> 20} MiB");
        }

        var text = Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return text is ['\uFEFF', ..] ? new(name, text[1..], text[..1]) : new(name, text, "");
    }
}
