using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LxcfsFunctions;

/// <summary>The one meter. No namespace and no pod is ever a label: there is no end of them.</summary>
internal static class AdmissionMetrics
{
    public const string MeterName = "LxcfsFunctions";

    private static readonly Meter Meter = new(MeterName);

    // An API server waits for 3 seconds at most (timeoutSeconds); most answers take less than a millisecond.
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "lxcfs.admission.duration", "s", "From the request's headers to the answer.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3] });

    // Counted here and read when somebody asks: an instrument that is told of each response compares all its labels every time.
    // There are a few dozen at most, and the most frequent are the first to come.
    private static readonly Lock Adding = new();
    private static volatile ResponseCount[] _responses = [];

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
        (Find(webhook, outcome, reason) ?? Add(webhook, outcome, reason)).Increment();
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("webhook", webhook));
    }

    private static ResponseCount? Find(string webhook, string outcome, string reason)
    {
        foreach (var response in _responses)
        {
            if (response.Webhook == webhook && response.Outcome == outcome && response.Reason == reason)
                return response;
        }

        return null;
    }

    private static ResponseCount Add(string webhook, string outcome, string reason)
    {
        lock (Adding)
        {
            if (Find(webhook, outcome, reason) is { } found)
                return found;
            var added = new ResponseCount(webhook, outcome, reason);
            _responses = [.. _responses, added];
            return added;
        }
    }

    private static IEnumerable<Measurement<long>> ObserveResponses() => _responses.Select(response => response.Measure());

    private static IEnumerable<Measurement<long>> ObserveCertificate() =>
        Interlocked.Read(ref _certificateEnds) is var ends and not 0 ? [new(ends)] : [];

    private sealed record ResponseCount(string Webhook, string Outcome, string Reason)
    {
        private long _count;

        public void Increment() => Interlocked.Increment(ref _count);

        public Measurement<long> Measure() => new(
            Interlocked.Read(ref _count), new("webhook", Webhook), new("outcome", Outcome), new KeyValuePair<string, object?>("reason", Reason));
    }
}
