using System.Text;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions;

/// <summary>
/// A webhook: the bytes of a review in, the bytes of its answer out. Whoever hosts it reads and writes them over HTTP, and
/// nothing else. What can't be reviewed is an HTTP status, so that the cluster's failurePolicy decides what becomes of the pod:
/// 400 malformed, 404 wrong path or token, 413 too large, 415 not JSON, 500 a bug, 503 too many large ones before it.
/// </summary>
/// <param name="name"><c>mutate</c> or <c>validate</c>.</param>
/// <param name="path">Where it is found behind the token.</param>
internal sealed class Webhook(string name, string path, Func<AdmissionRequest<Pod>, AdmissionDecision> decide, ILogger logger)
{
    /// <summary>Where a webhook is found, before its path; the token is the caller's secret and goes into no log.</summary>
    public const string Route = "hooks/{token}/";

    public const string ContentType = "application/json";

    /// <summary>The paths, each a route of both packages and a URL of the registration.</summary>
    public const string MutatePath = "mutate";

    /// <inheritdoc cref="MutatePath"/>
    public const string MutateNodePath = "mutate/node";

    /// <inheritdoc cref="MutatePath"/>
    public const string ValidatePath = "validate";

    public string Path => path;

    public static Webhook Mutate(LxcfsOptions options, ILogger logger) => new("mutate", MutatePath, new PodMutator(options).Decide, logger);

    /// <summary>The same for namespaces that enforce a level of Pod Security which forbids hostPath: a review doesn't tell its labels.</summary>
    public static Webhook MutateNode(LxcfsOptions options, ILogger logger) =>
        new("mutate", MutateNodePath, new PodMutator(options, forbidsHostPath: true).Decide, logger);

    public static Webhook Validate(LxcfsOptions options, ILogger logger) => new("validate", ValidatePath, new PodValidator(options).Decide, logger);

    /// <summary>All that a program serves.</summary>
    public static IReadOnlyList<Webhook> All(LxcfsOptions options, ILogger logger) =>
        [Mutate(options, logger), MutateNode(options, logger), Validate(options, logger)];

    /// <summary>Decodes, decides, encodes.</summary>
    /// <param name="started">When the request's headers had come, as a Stopwatch counts.</param>
    public WebhookAnswer Answer(ReadOnlySpan<byte> review, long started)
    {
        try
        {
            var request = PodReview.Read(review);
            var decision = decide(request);
            var answer = AdmissionResponse.Write(request.Uid, decision);
            AdmissionMetrics.Count(name, decision.Outcome.ToString(), decision.Reason, started);
            AdmissionLog.Decided(logger, name, decision.Outcome, decision.Reason, request.Namespace, PodReview.NameOf(request), request.Uid);
            return new(200, ContentType, answer);
        }
        catch (ReviewException error)
        {
            return Refuse(400, error.Message, started);
        }
        catch (Exception bug)
        {
            AdmissionMetrics.Count(name, "Fault", "500", started);
            AdmissionLog.Failed(logger, name, bug);
            throw;
        }
    }

    /// <summary>Whether a body of this type is read; parameters of the type don't matter.</summary>
    public static bool IsJson(string? contentType) => contentType == ContentType
        || (contentType ?? "").AsSpan().TrimStart() is var type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && type[ContentType.Length..].TrimStart() is [] or [';', ..];

    public WebhookAnswer RefuseType(long started) => Refuse(415, $"Content-Type: expected {ContentType}", started);

    public WebhookAnswer RefuseLength(int most, long started) => Refuse(413, $"the body is larger than {most} bytes", started);

    /// <summary>An answer to what is no review.</summary>
    /// <param name="problem">What is wrong; never a value of the body.</param>
    public WebhookAnswer Refuse(int status, string problem, long started)
    {
        AdmissionMetrics.Count(name, "Fault", $"{status}", started);
        AdmissionLog.Refused(logger, name, status, problem);
        var text = new PooledBuffer(256);
        Encoding.UTF8.GetBytes(problem + "\n", text);
        return new(status, "text/plain; charset=utf-8", text);
    }
}

/// <summary>What goes back over HTTP.</summary>
internal readonly record struct WebhookAnswer(int Status, string ContentType, PooledBuffer Content) : IDisposable
{
    public ReadOnlyMemory<byte> Body => Content.Written;

    public void Dispose() => Content.Dispose();
}
