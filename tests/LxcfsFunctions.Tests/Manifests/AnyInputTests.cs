using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using LxcfsFunctions.Cli;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>Whatever comes, the page answers 200 or 400, and inject, uninject and explain have something to print.</summary>
public sealed class AnyInputTests
{
    private const string Mutated = "apiVersion: v1\nkind: Pod\nmetadata: {annotations: {lxcfs-admission-webhook.raids-lab.github.io/status: mutated}}\n";

    /// <summary>What a few lines of aliases can stand for, and the error that says so.</summary>
    public static TheoryData<string, string> Bombs => new()
    {
        { Bomb(Mutated, "[x]", "[*, *]", 60, "spec"), "TooManyValues" },
        { Bomb(Mutated, "{x: y}", "{x: *, y: *}", 60, "spec"), "TooManyValues" },
        { Bomb(Mutated, "{x: y}", "{<<: [*, *]}", 60, "spec"), "TooManyMerged" },
        { Bomb(Mutated, "{}", "{<<: [*, *]}", 60, "spec"), "TooManyMerged" },
        { Bomb(Mutated, "{}", "{<<: *}", 30_000, "spec"), "TooManyMerged" },
        { Bomb(Mutated, "[]", "[*]", 30_000, "spec"), "TooDeep" },
        { Bomb(Mutated, "{}", "{x: {<<: *}}", 80, "spec"), "TooDeep" },
        // Beside the pod, and at the end of a text without a newline.
        { Bomb(Mutated + "spec: {containers: [{name: a}]}\n", "[x]", "[*, *]", 60, "other"), "TooManyValues" },
        { Bomb("kind: List\n", "{kind: List, items: []}", "{kind: List, items: [*, *, *, *, *, *, *, *, *, *]}", 9, "items"), "TooManyObjects" },
        { Bomb("kind: List\n", "{apiVersion: v1, kind: Pod}", "{kind: List, items: [*, *, *, *, *, *, *, *, *, *]}", 9, "items"), "TooManyObjects" },
        { Mutated + "spec: {containers: [{name: a}]}\n? [b]\n: c", "KeyIsNoWord" },
    };

    public static TheoryData<string> Odd =>
    [
        Mutated + "spec: {containers: [null, {}], initContainers: [null], volumes: [null]}\n",
        Mutated + "spec: {containers: {}, initContainers: null, volumes: []}\n",
        "apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nspec: {pytorchReplicaSpecs: {\"\": {template: {}}, a: {template: {}}}}\n",
        // With a newline behind it the last line would be a text's first, and have too many spaces in front.
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - name: S\n      value: |2\n          ",
    ];

    [Fact]
    public async Task The_page_answers_any_bytes_with_200_or_400() => await HostileTexts.Any.SampleAsync(
        async bytes =>
        {
            var status = await PostAsync(bytes);
            Assert.True(status is 200 or 400, $"{status}\n{Encoding.UTF8.GetString(bytes)}");
        },
        iter: 3000);

    [Fact]
    public void Uninject_takes_any_text() => HostileTexts.Any.Sample(
        bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            AssertForeseen(new Uninjection(new LxcfsOptions { Env = [EnvironmentProfile.Find("go")!] }, "default", []).Of(text), text);
        },
        iter: 3000, print: Encoding.UTF8.GetString);

    [Fact]
    public void Inject_and_explain_take_any_text() => HostileTexts.Any.Sample(
        bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            var preview = Preview.Of(text, NodeShape.Example);
            AssertForeseen(preview, text);
            Assert.DoesNotContain(null, ExplainCommand.Lines("-", preview, NodeShape.Example));
        },
        iter: 2000, print: Encoding.UTF8.GetString);

    [Theory, MemberData(nameof(Bombs))]
    public async Task What_aliases_multiply_is_refused_before_it_is_counted(string bomb, string code)
    {
        Assert.Equal(200, await PostAsync(Encoding.UTF8.GetBytes(bomb)));
        Assert.Equal(code, Assert.Single(Preview.Of(bomb, NodeShape.Example).Errors).Message.Code);
        if (bomb.StartsWith(Mutated, StringComparison.Ordinal))
            Assert.Equal(code, Assert.Single(new Uninjection(new(), "default", []).Of(bomb).Errors).Message.Code);
    }

    [Theory, MemberData(nameof(Odd))]
    public async Task What_is_odd_and_yet_read_is_no_error_of_this_program(string text)
    {
        Assert.Equal(200, await PostAsync(Encoding.UTF8.GetBytes(text)));
        AssertForeseen(Preview.Of(text, NodeShape.Example), text);
        AssertForeseen(new Uninjection(new(), "default", []).Of(text), text);
    }

    [Fact]
    public void A_bug_of_this_program_is_an_error_of_the_text_that_meets_it()
    {
        var preview = Preview.Guard("a: b\n", () => throw new KeyNotFoundException());
        Assert.Equal("a: b\n", preview.Output);
        Assert.Equal("a bug of this program (KeyNotFoundException): leave this manifest out, and file an issue with it", Assert.Single(preview.Errors).Message.Text);
    }

    /// <summary>Each pod stands for nearly as much as one may, and all of them for more than anybody would wait for.</summary>
    [Fact]
    public void What_many_pods_stand_for_together_is_bounded_too()
    {
        var pod = Bomb("kind: List\n", "[x]", "[*, *]", 18, "other").Replace("other:", "items: [{apiVersion: v1, kind: Pod, x:", StringComparison.Ordinal).TrimEnd();
        var text = pod + "}" + string.Concat(Enumerable.Repeat(",\n {apiVersion: v1, kind: Pod, x: *a17}", 300)) + "]\n";
        var preview = Preview.Of(text, NodeShape.Example);
        Assert.Equal("TooManyValues", preview.Errors[^1].Message.Code);
        Assert.Equal(301, preview.Errors.Count + preview.Documents.Count);
    }

    /// <summary>Each anchor stands for what is made of the one before.</summary>
    private static string Bomb(string start, string first, string next, int count, string last)
    {
        var text = new StringBuilder(start).Append(CultureInfo.InvariantCulture, $"a0: &a0 {first}\n");
        for (var i = 1; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} {next.Replace("*", $"*a{i - 1}", StringComparison.Ordinal)}\n");
        return text.Append(CultureInfo.InvariantCulture, $"{last}: {(last == "items" ? $"[*a{count - 1}]" : $"*a{count - 1}")}\n").ToString();
    }

    private static void AssertForeseen(Preview preview, string text) => Assert.All(
        preview.Errors, error => Assert.True(error is { Line: > 0, Column: > 0, Message.Code: not "Unforeseen" }, $"{error}\n{text}"));

    private static async Task<int> PostAsync(byte[] manifest)
    {
        using var page = new PreviewEndpoint(new(), NullLogger.Instance);
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext
        {
            Request = { ContentType = "application/yaml", Body = new MemoryStream(manifest), ContentLength = manifest.Length },
            Response = { Body = answer },
        };
        await page.AnswerAsync(context);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            using (JsonDocument.Parse(answer.ToArray()))
            {
            }

        return context.Response.StatusCode;
    }
}
