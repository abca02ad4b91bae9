using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace LxcfsFunctions;

/// <summary>
/// Writes texts as JSON strings, byte for byte as a Utf8JsonWriter would. What is written on every request is a fixed frame with
/// a few texts in it, of which a writer would take each apart again.
/// </summary>
internal static class JsonText
{
    /// <summary>What the default encoder leaves as it is; nearly every text here is made of these alone.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(" !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    public static void WriteString(this PooledBuffer output, string text)
    {
        output.Write("\""u8);
        output.WriteEscaped(text);
        output.Write("\""u8);
    }

    /// <summary>Writes a text's characters, without the quotes around them.</summary>
    public static void WriteEscaped(this PooledBuffer output, string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain))
            output.Write(Encoding.UTF8.GetBytes(JavaScriptEncoder.Default.Encode(text)));
        else
            output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
    }
}
