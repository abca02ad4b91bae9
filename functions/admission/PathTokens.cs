using System.Security.Cryptography;
using System.Text;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// The secrets that a webhook's path may carry. An API server sends no header of ours and its URL may have no query, so the
/// path is the one place for a secret. Several are accepted at once, so that one can be replaced without losing a request.
/// </summary>
internal sealed class PathTokens(IReadOnlyList<string> tokens)
{
    /// <summary>128 bits in hexadecimal.</summary>
    public const int LeastLength = 32;

    // Digests are of one length, so a comparison tells nothing of a token, not even how long it is.
    private readonly byte[][] _digests = [.. tokens.Select(Digest)];

    /// <summary>Without tokens any segment will do.</summary>
    public bool Accept(string? segment)
    {
        if (_digests.Length == 0)
            return true;
        var digest = Digest(segment ?? "");
        var found = false;
        foreach (var known in _digests)
            found |= CryptographicOperations.FixedTimeEquals(known, digest);
        return found;
    }

    public static bool IsUsable(string token) =>
        token.Length >= LeastLength && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
