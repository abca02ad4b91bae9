using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace LxcfsFunctions.Page;

/// <summary>The files of the page. They lie compressed in the program, and nobody's memory holds them before they are asked for.</summary>
internal static class SiteFiles
{
    public const string Index = "index.html";

    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <returns>Whether there is such a file.</returns>
    public static async Task<bool> SendAsync(HttpContext context, string name)
    {
        if (!ContentTypes.TryGetValue(Path.GetExtension(name), out var contentType)
            || typeof(Explain.Preview).Assembly.GetManifestResourceStream($"site/{name}") is not { } compressed)
            return false;
        await using var file = compressed;
        var response = context.Response;
        response.ContentType = contentType;
        response.Headers.Vary = "Accept-Encoding";
        if (AcceptsGzip(context.Request.Headers.AcceptEncoding))
        {
            response.Headers.ContentEncoding = "gzip";
            response.ContentLength = file.Length;
            await file.CopyToAsync(response.Body, context.RequestAborted);
        }
        else
        {
            await using var plain = new GZipStream(file, CompressionMode.Decompress);
            await plain.CopyToAsync(response.Body, context.RequestAborted);
        }

        return true;
    }

    /// <summary>Every browser says it plainly; who says it in another way gets what anybody can read.</summary>
    private static bool AcceptsGzip(StringValues accepted) =>
        accepted.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).Contains("gzip");
}
