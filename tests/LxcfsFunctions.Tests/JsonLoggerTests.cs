using System.Text;
using System.Text.RegularExpressions;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Hosting;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Tests;

/// <summary>A line is what a collector parses: its keys and the types of its values stay what they are.</summary>
public sealed partial class JsonLoggerTests
{
    [Fact]
    public void A_decision_is_this_line() => Assert.Equal(
        """{"time":"TIME","level":"Information","message":"mutate Mutated research/train-: Injected (u)","webhook":"mutate","outcome":"Mutated","reason":"Injected","namespace":"research","pod":"train-","uid":"u"}""",
        LineOf(logger => AdmissionLog.Decided(logger, "mutate", AdmissionOutcome.Mutated, "Injected", "research", "train-", "u")));

    [Fact]
    public void A_refusal_is_this_line_with_its_status_as_a_number() => Assert.Equal(
        """{"time":"TIME","level":"Warning","message":"validate refused a request with 413: the body is larger than 10 bytes","webhook":"validate","status":413,"problem":"the body is larger than 10 bytes"}""",
        LineOf(logger => AdmissionLog.Refused(logger, "validate", 413, "the body is larger than 10 bytes")));

    [Fact]
    public void A_certificate_is_this_line_with_its_end_as_ISO_8601_has_it() => Assert.Equal(
        """{"time":"TIME","level":"Information","message":"The certificate /tls.crt is in use until 2026-05-04T03:02:01.0000000Z","file":"/tls.crt","notAfter":"2026-05-04T03:02:01Z"}""",
        LineOf(logger => ServerLog.CertificateLoaded(logger, "/tls.crt", new(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc))));

    [Fact]
    public void An_exception_stands_in_the_line_of_its_event() => Assert.Matches(
        """^\{"time":"TIME","level":"Error","message":"mutate failed on a review","webhook":"mutate","exception":"System.InvalidOperationException: why.*"\}$""",
        LineOf(logger => AdmissionLog.Failed(logger, "mutate", new InvalidOperationException("why"))));

    [Fact]
    public void Numbers_and_truths_are_no_texts_and_nothing_is_null() => Assert.EndsWith(
        ""","count":5,"share":0.5,"yes":true,"none":null,"at":"2026-05-04T03:02:01+02:00"}""",
        LineOf(logger => Types(logger, 5, 0.5, true, null, new(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)))), StringComparison.Ordinal);

    [LoggerMessage(1, LogLevel.Information, "{Count} {Share} {Yes} {None} {At}")]
    private static partial void Types(ILogger logger, long count, double share, bool yes, string? none, DateTimeOffset at);

    private static string LineOf(Action<ILogger> log)
    {
        using var output = new MemoryStream();
        using (var logger = new JsonLogger(output))
            log(logger);
        var line = Encoding.UTF8.GetString(output.ToArray());
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        return Time().Replace(line.TrimEnd('\n'), "\"time\":\"TIME\"");
    }

    [GeneratedRegex("(?<=^.)\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]+)?Z\"")]
    private static partial Regex Time();
}
