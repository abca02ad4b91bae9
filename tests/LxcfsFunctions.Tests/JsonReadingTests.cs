using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using k8s;
using k8s.Models;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>A review is read as Kubernetes' own client reads it, and what is no JSON is refused wherever it stands.</summary>
public sealed class JsonReadingTests
{
    private static readonly Gen<string> Hard = Gen.OneOf(
        Gen.String, Gen.String[Gen.OneOf(Gen.Const('\\'), Gen.Const('"'), Gen.Const('['), Gen.Const('}'), Gen.Const(']'), Gen.Const('{'), Gen.Char), 0, 200]);

    /// <summary>One that means something in JSON as often as any other.</summary>
    private static readonly Gen<byte> AnyByte = Gen.OneOf(Gen.Byte, Gen.OneOf([.. "{}[]\",:\\ \n0tfn".Select(c => Gen.Const((byte)c))]));

    [Fact]
    public void Every_captured_request_is_read_as_the_Kubernetes_client_reads_it() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.TestData, "captures"), "*.body.json", SearchOption.AllDirectories),
        file => AssertReadAlike(File.ReadAllBytes(file)));

    [Fact]
    public void So_is_every_golden_review() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.TestData, "golden"), "review.json", SearchOption.AllDirectories),
        file => AssertReadAlike(File.ReadAllBytes(file)));

    [Fact]
    public void So_is_every_generated_review_whatever_else_it_holds_and_however_it_is_indented() =>
        Gen.Select(PodGenerator.Review, Hard.List[0, 5], Gen.Bool).Sample(
            (review, texts, indented) => AssertReadAlike(With(review, texts, indented)), iter: 1000);

    [Fact]
    public void With_any_bytes_changed_it_is_read_only_if_it_is_JSON_in_UTF8() =>
        Gen.Select(PodGenerator.Review, Gen.Select(Gen.Int[0, 1 << 20], AnyByte).List[1, 3]).Sample(
            (review, changes) =>
            {
                var body = Encoding.UTF8.GetBytes(review.ToJsonString());
                foreach (var (at, value) in changes)
                    body[at % body.Length] = value;
                if (TryRead(body) is not null)
                    Assert.True(IsJson(body));
            },
            iter: 5000);

    [Fact]
    public void What_ends_early_is_refused() => Gen.Select(PodGenerator.Review, Gen.Double[0, 1]).Sample(
        (review, part) =>
        {
            var body = Encoding.UTF8.GetBytes(review.ToJsonString());
            Assert.Null(TryRead(body[..(int)((body.Length - 1) * part)]));
        },
        iter: 2000);

    [Theory]
    [InlineData("\"managedFields\":[{nonsense 1 2,,: }]")]
    [InlineData("\"managedFields\":[[]")]
    [InlineData("\"x\":{\"a\":nul}")]
    [InlineData("\"x\":01")]
    [InlineData("\"x\":[1,]")]
    [InlineData("\"x\":\"a\nb\"")]
    [InlineData("\"x\":\"\\q\"")]
    [InlineData("\"x\":'a'")]
    [InlineData("\"x\":1 // a comment\n")]
    [InlineData("x:1")]
    public void What_is_no_JSON_is_refused_in_a_field_that_nobody_reads_too(string member)
    {
        foreach (var place in new[] { "{#}", "{\"request\":{\"object\":{\"metadata\":{#}}}}", "{\"request\":{\"object\":{\"spec\":{\"containers\":[{#}]}}}}" })
            Assert.Contains("not the JSON", Refusal(place.Replace("#", member, StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.request.uid", """{"request":{"uid":"a","uid":"b"}}""")]
    [InlineData("$.request.object.spec.containers", """{"request":{"object":{"spec":{"containers":[],"volumes":[],"containers":[]}}}}""")]
    [InlineData("$.request.object.metadata.annotations", """{"request":{"object":{"metadata":{"annotations":{"kubernetes.io/config.mirror":"a","kubernetes.io/config.mirror":"b"}}}}}""")]
    [InlineData("$.request.object.spec.resources.limits", """{"request":{"object":{"spec":{"resources":{"limits":{"cpu":"1","cpu":"2"}}}}}}""")]
    [InlineData("$.request.object.spec.resources.limits", """{"request":{"object":{"spec":{"resources":{"limits":{"cpu":"0","cpu":"2"}}}}}}""")]
    [InlineData("$.request.object.spec.resources.limits", """{"request":{"object":{"spec":{"resources":{"limits":{"memory":{},"memory":"2Gi"}}}}}}""")]
    [InlineData("$.request.object.spec.resources.limits", """{"request":{"object":{"spec":{"resources":{"limits":{"nvidia.com/gpu":"1","nvidia.com/gpu":"2"}}}}}}""")]
    public void A_field_that_stands_there_twice_is_refused_since_two_readers_could_take_two_pods_from_it(string field, string json) =>
        Assert.StartsWith(field, Refusal(json).Field, StringComparison.Ordinal);

    [Theory]
    [InlineData("$", "")]
    [InlineData("$", "null")]
    [InlineData("$", "[]")]
    [InlineData("$", "{} {}")]
    [InlineData("$", "\ufeff{}")]
    [InlineData("$.kind", """{"kind":1}""")]
    [InlineData("$.request", """{"request":"x"}""")]
    [InlineData("$.request.object.spec.containers", """{"request":{"object":{"spec":{"containers":{}}}}}""")]
    [InlineData("$.request.object.spec.containers[0]", """{"request":{"object":{"spec":{"containers":[1]}}}}""")]
    [InlineData("$.request.object.spec.shareProcessNamespace", """{"request":{"object":{"spec":{"shareProcessNamespace":"true"}}}}""")]
    [InlineData("kind", """{"kind":"Pod"}""")]
    [InlineData("apiVersion", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}""")]
    [InlineData("request", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""")]
    [InlineData("request.uid", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":""}}""")]
    [InlineData("request.uid", """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"}}""")]
    [InlineData("$['a23456789012345678901234567890123456789012345678901234567890...']", """{"a234567890123456789012345678901234567890123456789012345678901234":nonsense}""")]
    public void The_field_that_is_wrong_is_named(string field, string json) => Assert.Equal(field, Refusal(json).Field);

    [Fact]
    public void What_is_no_UTF8_is_refused_in_a_field_that_nobody_reads_too()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(PodGenerator.ReviewOf([]).ToJsonString()[..^1] + ",\"someday\":\""), 0xff, .. "\"}"u8];
        Assert.Throws<ReviewException>(() => PodReview.Read(body));
    }

    private static ReviewException Refusal(string json) => Assert.Throws<ReviewException>(() => PodReview.Read(Encoding.UTF8.GetBytes(json)));

    private static AdmissionRequest<Pod>? TryRead(byte[] body)
    {
        try
        {
            return PodReview.Read(body);
        }
        catch (ReviewException)
        {
            return null;
        }
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            JsonNode.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body));
            return true;
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }

    private static void AssertReadAlike(byte[] body)
    {
        var request = JsonNode.Parse(body)!["request"]!;
        var read = PodReview.Read(body);
        Assert.Equal((string?)request["uid"], read.Uid);
        foreach (var (name, pod) in new[] { ("object", read.Object), ("oldObject", read.OldObject) })
        {
            if (request[name] is { } given && (string?)given["kind"] is "Pod")
                Assert.Equal(ReadingFacts.Of(KubernetesJson.Deserialize<V1Pod>(given.ToJsonString())), ReadingFacts.Of(pod!));
        }
    }

    private static byte[] With(JsonObject review, List<string> texts, bool indented)
    {
        var with = review.DeepClone();
        foreach (var place in new[] { with, with["request"]!, with["request"]!["object"]!["spec"]! })
        {
            place.AsObject().Insert(0, "hard", new JsonArray([.. texts.Select(text => (JsonNode)new JsonObject { ["f:" + texts.Count] = new JsonArray(text, "\"]\\") })]));
            place["soft"] = new JsonObject { ["text"] = texts.FirstOrDefault(), ["list"] = new JsonArray() };
        }

        return Encoding.UTF8.GetBytes(with.ToJsonString(new(JsonSerializerOptions.Default) { WriteIndented = indented }));
    }
}
