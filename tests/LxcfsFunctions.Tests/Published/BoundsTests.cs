using System.Net;

namespace LxcfsFunctions.Tests.Published;

/// <summary>What one body can cost, however it is made; a pod of the mode <c>service</c> has 128 MiB for all of them.</summary>
public sealed class BoundsTests(Package package, ITestOutputHelper output) : IClassFixture<Package>
{
    private const int MostPeakBytes = 80 << 20;
    private const int MostAnswerBytes = 1 << 20;

    /// <summary>Of the processor, so that a busy machine changes nothing: what is quadratic takes a minute.</summary>
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(2);

    public static TheoryData<string, string> Bodies => [.. HostileBodies.All.Select(body => (body.Name, body.Webhook))];

    [Theory, MemberData(nameof(Bodies))]
    public async Task No_body_costs_more_than_a_part_of_the_pod(string name, string webhook)
    {
        var body = HostileBodies.All.Single(each => each.Name == name && each.Webhook == webhook).Body;
        var port = Running.FreePort();
        await using var program = new Running(
            package.Executable, [("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}"), ("Lxcfs__AllowAnonymous", "true"), ("Lxcfs__Env", "go"), ("Lxcfs__RequireReadyNode", "true")]);
        using var client = new HttpClient();
        await program.AnswersAsync(client, $"http://127.0.0.1:{port}/");
        using var answer = await client.SendAsync(Requests.Post($"http://127.0.0.1:{port}/hooks/x/{webhook}", body), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        await program.PrintsAsync("\"webhook\"");

        program.Process.Refresh();
        var (work, peak) = (program.Process.TotalProcessorTime, program.PeakBytes);
        var measured = $"{name}, {webhook}: {body.Length} bytes, answer {text.Length}, peak {peak >> 20} MiB, {work.TotalMilliseconds} ms, log {program.Output.Length}";
        output.WriteLine(measured);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.StatusCode}: {measured}");
        Assert.True(text.Length <= MostAnswerBytes && peak <= MostPeakBytes && work <= MostWork && program.Output.Length < 10_000, measured);
    }
}
