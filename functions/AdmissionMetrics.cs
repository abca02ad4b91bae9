using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace LxcfsFunctions;

/// <summary>The one meter. No namespace and no pod is ever a label: there is no end of them.</summary>
internal static class AdmissionMetrics
{
    public const string MeterName = "LxcfsFunctions";

    private static readonly Meter Meter = new(MeterName);

    // An API server waits for 3 seconds at most (timeoutSeconds); most answers take less than a millisecond.
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "lxcfs.admission.duration", "s", "From the request's headers to the end of the answer.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3] });

    // Counted here and read when somebody asks: an instrument that is told of each response compares all its labels every time.
    private static readonly ConcurrentDictionary<(string Webhook, string Outcome, string Reason), StrongBox<long>> Responses = new();

    private static long _certificateEnds;

    static AdmissionMetrics()
    {
        Meter.CreateObservableCounter(
            "lxcfs.admission.responses", ObserveResponses, "{response}",
            "Reviews answered, by webhook, outcome and reason; faults have the outcome Fault.");
        Meter.CreateObservableGauge(
            "lxcfs.admission.certificate.expiry", ObserveCertificate, "s", "When the certificate in use ends, in seconds since 1970; absent where there is none.");
    }

    public static void CertificateIsInUse(DateTime until) =>
        Interlocked.Exchange(ref _certificateEnds, new DateTimeOffset(until).ToUnixTimeSeconds());

    public static void Count(string webhook, string outcome, string reason, long started)
    {
        Interlocked.Increment(ref Responses.GetOrAdd((webhook, outcome, reason), static _ => new()).Value);
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("webhook", webhook));
    }

    private static IEnumerable<Measurement<long>> ObserveResponses() => Responses.Select(response => new Measurement<long>(
        Interlocked.Read(ref response.Value.Value),
        new("webhook", response.Key.Webhook), new("outcome", response.Key.Outcome), new KeyValuePair<string, object?>("reason", response.Key.Reason)));

    private static IEnumerable<Measurement<long>> ObserveCertificate() =>
        Interlocked.Read(ref _certificateEnds) is var ends and not 0 ? [new(ends)] : [];
}
