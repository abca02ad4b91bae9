using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>
/// Manifests as nobody should write them, in bytes: objects with a wrong value anywhere, and texts that are cut, have bits turned
/// over, or hold what parsers stumble on.
/// </summary>
internal static class HostileTexts
{
    private static readonly string[] Manifests =
    [
        .. Directory.GetFiles(Path.Combine(Repository.TestData, "manifests"), "*.yaml", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is "in.yaml" or "out.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private static readonly string[] Splinters =
    [
        "\0", "\t", "\uFEFF", "\u0085", "\u2028", "\r", "---\n", "...\n", "%YAML 9.9\n", "&a ", "*a ", "*x", "!!binary ", "!<x> ", "? ", "? [a]\n: b\n", "<<: *a\n", "<<: [*a, 1]\n",
        "<<: {kind: Pod}\n", "\"\": {}\n", "- - - ", "|9\n", ">-\n", "{", "}", "[", "]", "{{", "\"", "'", ": ", "#", "@", "`", "\"\\ud83d\\ude00\"", "kind: Pod\n", "items: [*a]\n",
        "9223372036854775808", "1e999", "0x", "._", "-", ".inf", "~",
    ];

    /// <summary>Any of them.</summary>
    public static Gen<byte[]> Any { get; } = Gen.Select(
        Gen.Int[0, Manifests.Length - 1], Gen.Int[0, 5], Gen.Int[0, int.MaxValue], Gen.Int[1, 5], (manifest, style, seed, tears) =>
        {
            var random = new Random(seed);
            var text = random.Next(3) > 0 ? WithWrongValues(Manifests[manifest], style, random) : Manifests[manifest];
            var bytes = Encoding.UTF8.GetBytes(text);
            for (; tears > 0 && random.Next(3) > 0; tears--)
                bytes = Torn(bytes, random);
            return bytes;
        });

    /// <summary>A document that has, in places of its own, nulls, empty brackets, and values of other types.</summary>
    private static string WithWrongValues(string manifest, int style, Random random)
    {
        JsonObject root;
        try
        {
            if (JsonNode.Parse(YamlWriter.ToJson(manifest)) is not JsonObject read)
                return manifest;
            root = read;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Its first document is one that can't be read.
            return manifest;
        }

        for (var i = random.Next(1, 4); i > 0; i--)
            Spoil(root, random);
        return YamlWriter.Write(root, style, random.Next());
    }

    private static void Spoil(JsonNode root, Random random)
    {
        for (JsonNode? node = root; node is not null;)
        {
            if (node is JsonObject { Count: > 0 } map && map.ElementAt(random.Next(map.Count)).Key is var name)
                node = map[name] is null or JsonValue || random.Next(6) == 0 ? Put(wrong => map[name] = wrong) : map[name];
            else if (node is JsonArray { Count: > 0 } list && random.Next(list.Count) is var i)
                node = list[i] is null or JsonValue || random.Next(6) == 0 ? Put(wrong => list[i] = wrong) : list[i];
            else
                node = null;
        }

        JsonNode? Put(Action<JsonNode?> put)
        {
            put(random.Next(12) switch
            {
                0 => new JsonArray(),
                1 => new JsonObject(),
                2 => new JsonArray(null, new JsonArray(), new JsonObject()),
                3 => new JsonObject { [""] = null },
                4 => 1,
                5 => true,
                6 => "",
                7 => -1e300,
                8 => "mutated",
                9 => new JsonObject { ["metadata"] = null, ["spec"] = new JsonArray() },
                _ => null,
            });
            return null;
        }
    }

    private static byte[] Torn(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        switch (random.Next(6))
        {
            case 0:
                return bytes[..at];
            case 1 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length + 1)..]];
            case 3:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(new string("[{-?"[random.Next(4)], random.Next(300))), .. bytes[at..]];
            case 4:
                var line = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
                return [.. bytes[..line], .. Encoding.UTF8.GetBytes(new string(' ', random.Next(9))), .. Splinter(random), .. bytes[line..]];
            default:
                return [.. bytes[..at], .. Splinter(random), .. bytes[at..]];
        }
    }

    private static byte[] Splinter(Random random) => Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)]);
}
