namespace LxcfsFunctions.Admission;

/// <summary>The answer to one review. A failure is never a decision: it is an HTTP status (see <see cref="Webhook"/>).</summary>
/// <param name="Outcome">What was done, one of few words; a metric's label.</param>
/// <param name="Reason">Why, one of few words; a metric's label.</param>
internal sealed record AdmissionDecision(AdmissionOutcome Outcome, string Reason)
{
    /// <summary>What changes; null for nothing.</summary>
    public JsonPatch? Patch { get; init; }

    /// <summary>Shown to the user.</summary>
    public IReadOnlyList<Message> Warnings { get; init; } = [];

    /// <summary>Who is denied. kubectl puts it into its first line.</summary>
    public string? Name { get; init; }

    /// <summary>Why the request is denied; empty where it is allowed.</summary>
    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    public bool Allowed => Outcome != AdmissionOutcome.Denied;

    public static AdmissionDecision Allow(string reason) => new(AdmissionOutcome.Allowed, reason);

    public static AdmissionDecision Patched(string reason, JsonPatch patch) => new(AdmissionOutcome.Mutated, reason) { Patch = patch };

    public static AdmissionDecision Skip(string reason) => new(AdmissionOutcome.Skipped, reason);

    public static AdmissionDecision Deny(string? name, IReadOnlyList<StatusCause> causes) =>
        new(AdmissionOutcome.Denied, "Invalid") { Name = name, Causes = causes };
}

internal enum AdmissionOutcome
{
    /// <summary>mutate changed the object.</summary>
    Mutated,

    /// <summary>mutate left the object alone.</summary>
    Skipped,

    /// <summary>validate found nothing wrong.</summary>
    Allowed,

    /// <summary>validate found something wrong.</summary>
    Denied,
}

/// <summary>One thing that is wrong with an object, as <c>status.details.causes</c> carries it.</summary>
/// <param name="Field">The field's path from the object's root.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record StatusCause(string Field, Message Message);
