using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions;

/// <summary>Names of enum members without the reflection that Enum.ToString needs on every call.</summary>
internal static class Names
{
    private static readonly string[] Outcomes = Enum.GetNames<AdmissionOutcome>();
    private static readonly string[] Reasons = Enum.GetNames<SkipReason>();

    public static string ToName(this AdmissionOutcome outcome) => Outcomes[(int)outcome];

    public static string ToName(this SkipReason reason) => Reasons[(int)reason];
}
