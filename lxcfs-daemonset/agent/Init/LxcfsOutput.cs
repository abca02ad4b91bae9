using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.Init;

/// <summary>
/// The pipe for what LXCFS says. It is init's, who keeps both ends open and never uses them, so that an LXCFS whose agent has
/// died has somebody to speak to: without a reader it would get SIGPIPE with its next line, and end.
/// </summary>
internal static class LxcfsOutput
{
    /// <summary>Names the inherited ends: READ,WRITE as numbers of descriptors. No setting: init sets it.</summary>
    public const string Variable = "LXCFS_AGENT_LXCFS_OUTPUT";

    /// <summary>The numbers that init hands the ends down as.</summary>
    public const int ReadNumber = 3;

    /// <inheritdoc cref="ReadNumber"/>
    public const int WriteNumber = 4;

    /// <summary>What <see cref="Variable"/> holds.</summary>
    public static string Value => string.Create(CultureInfo.InvariantCulture, $"{ReadNumber},{WriteNumber}");

    /// <summary>The inherited pipe; a new one where an agent runs without init.</summary>
    /// <param name="variable">Looks an environment variable up.</param>
    public static Pipe Take(Func<string, string?> variable) =>
        variable(Variable)?.Split(',') is [var read, var write]
            && int.TryParse(read, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(write, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? Pipe.Adopt(from, to) ?? Pipe.Create()
            : Pipe.Create();
}
