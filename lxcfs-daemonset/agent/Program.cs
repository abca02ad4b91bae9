using System.Reflection;
using LxcfsAgent;
using LxcfsAgent.Commands;
using LxcfsAgent.Health;
using LxcfsAgent.Init;
using LxcfsAgent.Worker;
using LxcfsFunctions.Hosting;

const int badUsage = 64;

const string usage = """
    Usage: lxcfs-agent COMMAND
      init             start the agent and keep it running: the container's first process
      run              serve LXCFS on this node and keep every container on it
      health WHAT      ask the agent in this container whether it is live, or ready
      status [--json]  show each container that LXCFS is mounted in, and how it fares
      repair           repair every container once, now
      cleanup          take LXCFS out of every container and off the node, before uninstalling
      --version        the release that it is of, and the commit
    Settings are environment variables, LXCFS_AGENT_...
    """;

// None of them needs a setting: a wrong one is the agent's to tell.
switch (args)
{
    case ["init"]:
        return InitCommand.Run();
    case ["--version"]:
        Console.WriteLine(typeof(AgentOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        return 0;
    case ["health", HealthAnswer.Live or HealthAnswer.Ready]:
        return await HealthCommand.RunAsync(args[1], HealthSocket.DefaultPath, Console.Out);
}

var settings = new SettingsReader(
    new ConfigurationBuilder().AddEnvironmentVariables(AgentOptions.Prefix).Build(), key => AgentOptions.Prefix + key);
var options = AgentOptions.Read(settings);
// A variable that is not the agent's may begin alike: a kubelet makes some for each Service of the namespace.
if (SettingsReader.Report(settings.BadValues))
    return SettingsReader.BadSettings;

try
{
    switch (args)
    {
        case ["worker"]:
            return WorkerCommand.Run();
        case ["run"]:
            return await RunCommand.RunAsync(options);
        case ["status"]:
            return StatusCommand.Run(options, json: false, Console.Out);
        case ["status", "--json"]:
            return StatusCommand.Run(options, json: true, Console.Out);
        case ["repair"]:
            return RepairCommand.Run(options, Console.Out);
        case ["cleanup"]:
            return CleanupCommand.Run(options, Console.Out);
        default:
            Console.Error.WriteLine(usage);
            return badUsage;
    }
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
