using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>What is read without a parser is what the parser would have read.</summary>
public sealed class JsonReadingTests
{
    private static readonly ReviewReader Reader = new(Reading.All);

    private static readonly Gen<string> Hard = Gen.OneOf(
        Gen.String, Gen.String[Gen.OneOf(Gen.Const('\\'), Gen.Const('"'), Gen.Const('['), Gen.Const('}'), Gen.Const(']'), Gen.Const('{'), Gen.Char), 0, 200]);

    /// <summary>One that means something in JSON as often as any other.</summary>
    private static readonly Gen<byte> AnyByte = Gen.OneOf(Gen.Byte, Gen.OneOf([.. "{}[]\",:\\ \n0tfn".Select(c => Gen.Const((byte)c))]));

    [Fact]
    public void Every_captured_request_is_read_without_the_parser_and_as_the_parser_reads_it() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.TestData, "captures"), "*.body.json", SearchOption.AllDirectories),
        file => AssertReadAlike(File.ReadAllBytes(file)));

    [Fact]
    public void So_is_every_golden_review_that_the_parser_takes() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.TestData, "golden"), "review.json", SearchOption.AllDirectories),
        file => AssertReadAlike(File.ReadAllBytes(file)));

    [Fact]
    public void So_is_every_generated_review_whatever_else_it_holds_and_however_it_is_indented() =>
        Gen.Select(PodGenerator.Review, Hard.List[0, 5], Gen.Bool).Sample(
            (review, texts, indented) => AssertReadAlike(With(review, texts, indented)), iter: 1000);

    [Fact]
    public void A_review_with_any_bytes_changed_is_read_as_the_parser_reads_it_or_left_to_it() =>
        Gen.Select(PodGenerator.Review, Gen.Select(Gen.Int[0, 1 << 20], AnyByte).List[1, 3]).Sample(
            (review, changes) =>
            {
                var body = Encoding.UTF8.GetBytes(review.ToJsonString());
                foreach (var (at, value) in changes)
                    body[at % body.Length] = value;
                if (Reader.TryRead(body) is { } read && TryParse(body) is { } parsed)
                    Assert.Equivalent(parsed, read, strict: true);
            },
            iter: 5000);

    [Fact]
    public void A_review_that_ends_early_is_left_to_the_parser() => Gen.Select(PodGenerator.Review, Gen.Double[0, 1]).Sample(
        (review, part) =>
        {
            var body = Encoding.UTF8.GetBytes(review.ToJsonString());
            Assert.Null(Reader.TryRead(body.AsSpan(0, (int)((body.Length - 1) * part))));
        },
        iter: 2000);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"kind":"AdmissionReview"}}""")]
    [InlineData("""{"kind":"AdmissionReview",}""")]
    [InlineData("""{"kind":"AdmissionReview" "x":1}""")]
    [InlineData("""{"kind" "AdmissionReview"}""")]
    [InlineData("""{kind:"AdmissionReview"}""")]
    [InlineData("""{"kind":AdmissionReview}""")]
    [InlineData("""{"k\u0069nd":"AdmissionReview"}""")]
    [InlineData("""{"kind":"Admission\u0052eview"}""")]
    [InlineData("""{"kind":"Änderung"}""")]
    [InlineData("{\"kind\":\"a\nb\"}")]
    [InlineData("""{"kind":1}""")]
    [InlineData("""{"kind":true}""")]
    [InlineData("""{"request":[]}""")]
    [InlineData("""{"request":"x"}""")]
    [InlineData("""{"request":{"object":{"spec":{"containers":{}}}}}""")]
    [InlineData("""{"request":{"object":{"spec":{"containers":[1]}}}}""")]
    [InlineData("""{"request":{"object":{"spec":{"containers":[{},]}}}}""")]
    [InlineData("""{"request":{"object":{"spec":{"shareProcessNamespace":"true"}}}}""")]
    [InlineData("""{"request":{"object":{"spec":{"resources":{"limits":[]}}}}}""")]
    [InlineData("""{"someday":[[]}""")]
    [InlineData("""{"someday":{}""")]
    [InlineData("""{"someday":{"a":"}}""")]
    [InlineData("""{"someday":"\"}""")]
    [InlineData("""{"someday":nul}""")]
    [InlineData("""{"someday":}""")]
    [InlineData("""{"someday":1 2}""")]
    [InlineData("\ufeff{}")]
    public void What_is_not_plain_is_left_to_the_parser(string json) => Assert.Null(Reader.TryRead(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"kind":null,"request":{"object":null,"uid":"a","uid":"b"}}""")]
    [InlineData(" {\n\t\"kind\" : \"x\" , \"request\" : { \"object\" : { \"spec\" : { \"containers\" : [ null , { } ] , \"volumes\" : [ ] } } } }\r\n")]
    [InlineData("""{"request":{"object":{"spec":{"containers":[{"name":"a"}],"containers":[{"name":"b"}],"shareProcessNamespace":true}}}}""")]
    [InlineData("""{"request":{"object":{"spec":{"resources":{"limits":{"cpu":1.5,"memory":"2Gi","nvidia.com/gpu":[]}}}}},"a":-1e5,"b":[1,"]"],"c":{"}":"{"}}""")]
    public void What_is_plain_is_read_at_once(string json) => AssertReadAlike(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void The_end_of_a_list_or_object_is_where_a_parser_finds_it() => Gen.Select(Hard.List[0, 6], Gen.Bool).Sample(
        (texts, list) =>
        {
            var (open, close) = list ? ('[', ']') : ('{', '}');
            var inside = string.Join(",", texts.Select((text, i) =>
                $"{(list ? "" : $"\"{i}\":")}[{JsonValue.Create(text)!.ToJsonString()},[[],[0]],{{\"a\":{{}}}}]"));
            var bytes = Encoding.UTF8.GetBytes(inside + close + inside);
            var end = Encoding.UTF8.GetByteCount(inside);
            Assert.Equal(end, JsonScanner.EndOf(bytes, (byte)open, (byte)close));
            Assert.Equal(-1, JsonScanner.EndOf(bytes.AsSpan(0, end), (byte)open, (byte)close));
        },
        iter: 5000);

    private static void AssertReadAlike(byte[] body)
    {
        var read = Reader.TryRead(body);
        Assert.NotNull(read);
        Assert.Equivalent(TryParse(body), read, strict: true);
    }

    private static AdmissionReview<Pod>? TryParse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PodJsonContext.Default.AdmissionReviewPod);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] With(JsonObject review, List<string> texts, bool indented)
    {
        var with = review.DeepClone();
        foreach (var place in new[] { with, with["request"]!, with["request"]!["object"]!["spec"]! })
        {
            place.AsObject().Insert(0, "hard", new JsonArray([.. texts.Select(text => (JsonNode)new JsonObject { ["f:" + texts.Count] = new JsonArray(text, "\"]\\") })]));
            place["soft"] = new JsonObject { ["text"] = texts.FirstOrDefault(), ["list"] = new JsonArray() };
            place["text"] = texts.LastOrDefault();
        }

        return Encoding.UTF8.GetBytes(with.ToJsonString(new(JsonSerializerOptions.Default) { WriteIndented = indented }));
    }
}
