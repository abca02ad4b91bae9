using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>FUZZ_INPUTS sets how many, FUZZ_SEED repeats a run.</summary>
public sealed class FuzzTests(Package package) : IClassFixture<Package>
{
    private const int Workers = 8;
    private const long MostResidentBytes = 200L << 20;

    private static readonly string[] Insertions =
        ["{", "[", "\"", "}", "]", "null", "-1e999", "\\ud800", "\u0000", "\"spec\":{},", "\"containers\":5,", "\"managedFields\":[", "\"managedFields\":[[\"\\", "true,"];

    [Fact]
    public async Task No_input_brings_it_down_or_to_a_500_or_to_hoard_memory()
    {
        var inputs = int.Parse(Environment.GetEnvironmentVariable("FUZZ_INPUTS") ?? "100000", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        var port = Running.FreePort();
        await using var program = new Running(package.Executable, [("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}"), ("Lxcfs__AllowAnonymous", "true")]);
        using var client = new HttpClient();
        await program.AnswersAsync(client, $"http://127.0.0.1:{port}/");
        var corpus = Corpus();

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random(seed + worker);
            for (var i = 0; i < inputs / Workers; i++)
            {
                var input = Mutate(corpus[random.Next(corpus.Length)], random);
                using var answer = await client.SendAsync(Requests.Post(
                    $"http://127.0.0.1:{port}/hooks/x/{(i % 2 == 0 ? "mutate" : "validate")}", input));
                if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge))
                    Assert.Fail($"{answer.StatusCode} with FUZZ_SEED={seed} for {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4000)))}");
            }
        }));

        program.Process.Refresh();
        Assert.False(program.Process.HasExited);
        Assert.InRange(program.Process.WorkingSet64, 1, MostResidentBytes);
    }

    private static byte[][] Corpus() =>
    [
        .. Directory.GetFiles(Repository.TestData, "*.json", SearchOption.AllDirectories)
            .Where(file => file.EndsWith("review.json", StringComparison.Ordinal) || file.EndsWith(".body.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static byte[] Mutate(byte[] seed, Random random) => random.Next(8) switch
    {
        0 => seed[..random.Next(seed.Length)],
        1 => Insert(seed, random, Insertions[random.Next(Insertions.Length)]),
        2 => Insert(seed, random, new string(random.Next(2) == 0 ? '[' : '{', random.Next(2000))),
        3 => Insert(seed, random, new string('x', random.Next(100_000))),
        4 => WithBytes(seed, random),
        5 => WithWrongType(seed, random),
        6 => [.. seed[..random.Next(seed.Length)], .. seed[random.Next(seed.Length)..]],
        _ => Insert(Insert(seed, random, "\"kind\":\"x\","), random, "\"uid\":[],"),
    };

    private static byte[] Insert(byte[] seed, Random random, string text)
    {
        var at = random.Next(seed.Length);
        return [.. seed[..at], .. Encoding.UTF8.GetBytes(text), .. seed[at..]];
    }

    /// <summary>Any bytes, so also what is no UTF-8.</summary>
    private static byte[] WithBytes(byte[] seed, Random random)
    {
        var copy = seed.ToArray();
        for (var i = random.Next(1, 8); i > 0; i--)
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        return copy;
    }

    private static byte[] WithWrongType(byte[] seed, Random random)
    {
        var document = JsonNode.Parse(seed)!;
        for (JsonNode? node = document; node is not null;)
        {
            JsonNode? wrong = random.Next(6) switch { 0 => 1, 1 => "x", 2 => new JsonArray(null, 1), 3 => new JsonObject { [""] = null }, 4 => true, _ => null };
            if (node is JsonObject { Count: > 0 } members)
            {
                var (name, value) = members.ElementAt(random.Next(members.Count));
                if (value is null or JsonValue || random.Next(6) == 0)
                    (members[name], node) = (wrong, null);
                else
                    node = value;
            }
            else if (node is JsonArray { Count: > 0 } elements)
            {
                var i = random.Next(elements.Count);
                if (elements[i] is null or JsonValue || random.Next(6) == 0)
                    (elements[i], node) = (wrong, null);
                else
                    node = elements[i];
            }
            else
            {
                node = null;
            }
        }

        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }
}
