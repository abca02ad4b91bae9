namespace LxcfsFunctions.Lxcfs;

internal sealed record NodeSelector
{
    public const string OsLabel = "kubernetes.io/os";
    public const string BetaOsLabel = "beta.kubernetes.io/os";
    public const string WindowsBuildLabel = "node.kubernetes.io/windows-build";
    public const string TypeLabel = "type";
    public const string ComputeTypeLabel = "eks.amazonaws.com/compute-type";

    public string? Os { get; set; }
    public string? BetaOs { get; set; }
    public string? WindowsBuild { get; set; }
    public string? Type { get; set; }
    public string? ComputeType { get; set; }
}

internal sealed record Affinity
{
    public NodeAffinity? NodeAffinity { get; set; }
}

internal sealed record NodeAffinity
{
    public RequiredNodeAffinity? Required { get; set; }
}

/// <summary>A node fits where any one of the terms does.</summary>
internal sealed record RequiredNodeAffinity
{
    public List<NodeSelectorTerm?>? NodeSelectorTerms { get; set; }
}

/// <summary>A node fits where all of the expressions do; a term without any fits no node.</summary>
internal sealed record NodeSelectorTerm
{
    public List<NodeSelectorRequirement?>? MatchExpressions { get; set; }
    public List<NodeSelectorRequirement?>? MatchFields { get; set; }

    public bool IsEmpty => MatchExpressions is null or [] && MatchFields is null or [];
}

internal sealed record NodeSelectorRequirement
{
    public string? Key { get; set; }
    public string? Operator { get; set; }
    public List<string?>? Values { get; set; }
}
