using LxcfsFunctions.Hosting;
using Microsoft.Extensions.Configuration;

namespace LxcfsAgent.Tests;

/// <summary>The agent's settings, as from variables.</summary>
internal static class Settings
{
    /// <param name="variables">Names without what all of them begin with.</param>
    public static SettingsReader Of(params (string Name, string Value)[] variables) => new(
        new ConfigurationBuilder().AddInMemoryCollection(variables.ToDictionary(one => one.Name, string? (one) => one.Value)).Build(),
        key => AgentOptions.Prefix + key);
}
