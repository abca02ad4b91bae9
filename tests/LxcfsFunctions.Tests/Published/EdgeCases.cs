using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>One request and the status that it has to get from every package.</summary>
internal sealed record EdgeCase(string Name, int Status, string Path, byte[] Body, string? ContentType = "application/json")
{
    public const string Token = "0123456789abcdef0123456789abcdef";
    public const string OtherToken = "ffffffffffffffff0123456789abcdef";
    public const int MostBytes = 10_000;

    public static (string, string)[] Settings { get; } = [("Lxcfs__Tokens", $"{Token},{OtherToken}"), ("Lxcfs__MaxRequestBodyBytes", $"{MostBytes}")];

    public string Method { get; init; } = "POST";

    /// <summary>Whether it waits for leave to send its body (RFC 9110, section 10.1.1).</summary>
    public bool Asks { get; init; }

    /// <summary>Whether it is sent in chunks, and no length told: the host has no body of such a one for a worker (azure-functions-host, issue 7930).</summary>
    public bool InChunks { get; init; }

    /// <summary>The custom handler's own status, where it is the host that answers otherwise: by another status for the worker, or before any package is asked.</summary>
    public int? StatusOfHandler { get; init; }

    /// <summary>The table that both packages pass.</summary>
    public static IReadOnlyList<EdgeCase> All { get; } =
    [
        new("mutate", 200, $"/hooks/{Token}/mutate?timeout=3s", Requests.Sample),
        new("validate", 200, $"/hooks/{Token}/validate?timeout=3s", Requests.Sample),
        new("mutate/node", 200, $"/hooks/{Token}/mutate/node?timeout=3s", Requests.Sample),
        new("mutate/node without a token", 404, "/hooks/local/mutate/node", Requests.Sample),
        new("the other token", 200, $"/hooks/{OtherToken}/mutate", Requests.Sample),
        new("with a charset", 200, $"/hooks/{Token}/mutate", Requests.Sample, "application/json; charset=utf-8"),
        new("a charset behind a space, and capital letters", 200, $"/hooks/{Token}/mutate", Requests.Sample, "Application/JSON ; charset=utf-8"),
        new("letters of the token escaped", 200, $"/hooks/{Token.Replace("a", "%61", StringComparison.Ordinal)}/mutate", Requests.Sample),
        new("a slash at the end", 200, $"/hooks/{Token}/mutate/", Requests.Sample),
        new("sent when it is let", 200, $"/hooks/{Token}/mutate", Requests.Sample) { Asks = true },
        new("in chunks", 400, $"/hooks/{Token}/mutate", Requests.Sample) { InChunks = true, StatusOfHandler = 200 },
        new("no token", 404, "/hooks/local/mutate", Requests.Sample),
        new("a token too short", 404, $"/hooks/{Token[..^1]}/mutate", Requests.Sample),
        new("a slash in the token, escaped", 404, $"/hooks/{Token[..16]}%2F{Token[16..]}/mutate", Requests.Sample),
        new("a very long token", 404, $"/hooks/{string.Concat(Enumerable.Repeat(Token, 200))}/mutate", Requests.Sample),
        new("another function", 404, $"/hooks/{Token}/elsewhere", Requests.Sample),
        new("no route", 404, "/mutate", Requests.Sample),
        .. new[] { "GET", "HEAD", "OPTIONS", "PUT", "DELETE" }.Select(
            method => new EdgeCase(method, 404, $"/hooks/{Token}/mutate", []) { Method = method, StatusOfHandler = 405 }),
        new("ends early", 400, $"/hooks/{Token}/mutate", Requests.Sample[..^40]),
        new("no JSON in a field that nobody reads", 400, $"/hooks/{Token}/mutate", Text("""{"managedFields":[{nonsense 1 2,,: }]}""")),
        new("a field twice", 400, $"/hooks/{Token}/mutate", Text("""{"kind":"AdmissionReview","kind":"AdmissionReview"}""")),
        new("null", 400, $"/hooks/{Token}/validate", Text("null")),
        new("nothing", 400, $"/hooks/{Token}/mutate", []),
        new("an old version", 400, $"/hooks/{Token}/mutate", Text("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"u"}}""")),
        new("no uid", 400, $"/hooks/{Token}/mutate", Text("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":""}}""")),
        new("another type", 415, $"/hooks/{Token}/mutate", Requests.Sample, "text/plain"),
        new("another type with a charset", 415, $"/hooks/{Token}/mutate", Requests.Sample, "text/plain; charset=utf-8"),
        new("a type that only begins so", 415, $"/hooks/{Token}/mutate", Requests.Sample, "application/json-patch+json"),
        new("another type when it is let", 415, $"/hooks/{Token}/mutate", Requests.Sample, "text/plain") { Asks = true },
        new("no type", 415, $"/hooks/{Token}/validate", Requests.Sample, null),
        new("another type, much too large", 415, $"/hooks/{Token}/mutate", Spaces(20 << 20), "text/plain"),
        new("an unknown token, much too large", 404, $"/hooks/{Token[..^1]}/mutate", Spaces(20 << 20)),
        new("as large as may be", 400, $"/hooks/{Token}/mutate", Spaces(MostBytes)),
        new("a byte too large", 413, $"/hooks/{Token}/mutate", Spaces(MostBytes + 1)),
        new("much too large", 413, $"/hooks/{Token}/mutate", Spaces(20 << 20)),
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Spaces(int count)
    {
        var body = new byte[count];
        Array.Fill(body, (byte)' ');
        return body;
    }
}
