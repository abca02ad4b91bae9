namespace LxcfsFunctions.Cli;

/// <summary>How a command ends, for scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something would change, where that was asked; or a pod would be denied.</summary>
    public const int Differs = 1;

    /// <summary>An argument, a file or what stands in it.</summary>
    public const int BadInput = 2;

    public const int BadSettings = Hosting.SettingsReader.BadSettings;
}
