namespace LxcfsFunctions.Lxcfs;

/// <summary>What environment profiles come to in one container.</summary>
/// <param name="Missing">The variables to add.</param>
/// <param name="Ineffective">The profiles that set nothing.</param>
internal sealed record ProfileVariables(IReadOnlyList<(string Name, string Value)> Missing, IReadOnlyList<IneffectiveProfile> Ineffective)
{
    private static readonly ProfileVariables None = new([], []);

    public static ProfileVariables Of(Container container, ResourceList? podLimits, IReadOnlyList<EnvironmentProfile> profiles)
    {
        if (profiles.Count == 0)
            return None;
        var missing = new List<(string Name, string Value)>();
        var ineffective = new List<IneffectiveProfile>();
        var limits = ResourceList.Effective(container, podLimits);
        var present = new Dictionary<string, string?>();
        foreach (var variable in container.Env ?? [])
            present[variable?.Name ?? ""] = variable?.Value;
        foreach (var profile in profiles)
        {
            var (hasEffect, taken) = (false, (string?)null);
            foreach (var (name, value) in profile.Variables(limits))
            {
                if (value is null)
                    continue;
                if (present.TryAdd(name, value))
                    missing.Add((name, value));
                else if (present[name] != value)
                {
                    taken ??= name;
                    continue;
                }

                hasEffect = true;
            }

            if (!hasEffect)
                ineffective.Add(new(profile.Name, container.Name ?? "", taken));
        }

        return new(missing, ineffective);
    }

    /// <summary>What the profiles come to where the container sets nothing itself.</summary>
    public static IEnumerable<(string Name, string Value)> ValuesOf(Container container, ResourceList? podLimits, IReadOnlyList<EnvironmentProfile> profiles)
    {
        var limits = ResourceList.Effective(container, podLimits);
        return profiles.SelectMany(profile => profile.Variables(limits)).Where(variable => variable.Value is not null).Select(variable => (variable.Name, variable.Value!));
    }
}
