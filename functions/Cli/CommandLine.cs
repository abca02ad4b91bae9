using System.CommandLine;
using System.Globalization;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Cli;

/// <summary>What the executable does when it has arguments; without any it serves, and nothing here is touched.</summary>
internal static class CommandLine
{
    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "A manifest, YAML or JSON, a folder of them, or - for standard input; may be given several times",
        Required = true,
    };

    private static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "The namespace of objects that name none",
        DefaultValueFactory = _ => "default",
    };

    private static readonly Option<TemplateKind[]> Kinds = new("--kind")
    {
        Description = "Another kind of object that has pod templates, and where: argoproj.io/Rollout=spec.template, GROUP/KIND=spec.tasks[].template; may be given several times",
        CustomParser = result =>
        {
            var kinds = result.Tokens.Select(token => TemplateKind.Parse(token.Value)).ToArray();
            if (kinds.Any(kind => kind is null))
                result.AddError("--kind: expected GROUP/KIND=PATH, such as argoproj.io/Rollout=spec.template");
            return [.. kinds.OfType<TemplateKind>()];
        },
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Enforced = new("--enforced")
    {
        Description = "The namespaces enforce Pod Security baseline or restricted, so that the pods can't have hostPath",
    };

    private static readonly Option<bool> Summary = new("--summary")
    {
        Description = "Say at the end, on standard error, how many pod templates got the files and which did not; without this option where a terminal reads it",
    };

    private static readonly Option<bool> Diff = new("--diff") { Description = "Print what would change instead; ends with 1 where anything would" };
    private static readonly Option<bool> Check = new("--check") { Description = "Print nothing; ends with 1 where anything would change" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON, a value for each file" };

    private static readonly Option<int> NodeCpus = new("--node-cpus")
    {
        Description = "CPUs of the node that is imagined",
        DefaultValueFactory = _ => NodeShape.Example.Cpus,
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var cpus) && cpus > 0
            ? cpus
            : Fail(result, "--node-cpus: expected a whole number above zero"),
    };

    private static readonly Option<long> NodeMemory = new("--node-memory")
    {
        Description = "Memory of that node, as Kubernetes writes it: 512Gi",
        DefaultValueFactory = _ => NodeShape.Example.Memory,
        CustomParser = result => Quantity.TryParse(result.Tokens[0].Value, out var memory) && memory >= 1
            ? (long)memory
            : Fail(result, "--node-memory: expected an amount such as 512Gi"),
    };

    public static int Run(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count == 0)
            return Invoke(parsed);
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine("Try --help.");
        return ExitCode.BadInput;
    }

    /// <summary>The library would end with 1, which says something else here.</summary>
    private static int Invoke(ParseResult parsed)
    {
        try
        {
            return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that can't be listed, or an output that can't be written: the message names it where it has a name.
            Console.Error.WriteLine(exception.Message);
            return ExitCode.BadInput;
        }
    }

    private static RootCommand Root()
    {
        var inject = new Command("inject", "Print manifests as the webhook would make them, comments and order kept") { Files, Diff, Check, Summary, Kinds, Namespace, Enforced };
        inject.SetAction(line => Run(
            line, NodeShape.Example, previews => InjectCommand.Print(previews, OutputOf(line), line.GetValue(Summary) || !Console.IsErrorRedirected)));
        var uninject = new Command("uninject", "Print manifests without what inject has put in") { Files, Diff, Check, Kinds, Namespace };
        uninject.SetAction(line => Run(
            line, (text, options) => new Uninjection(options, line.GetValue(Namespace)!, line.GetValue(Kinds) ?? []).Of(text),
            previews => InjectCommand.Print(previews, OutputOf(line), summary: false)));
        var explain = new Command("explain", "Print what each container will see") { Files, Json, NodeCpus, NodeMemory, Kinds, Namespace, Enforced };
        explain.SetAction(line =>
        {
            var node = new NodeShape(line.GetValue(NodeCpus), line.GetValue(NodeMemory));
            return Run(line, node, previews => ExplainCommand.Print(previews, node, line.GetValue(Json)));
        });
        return new("Brings the LXCFS view of /proc into pods. Without arguments it serves the admission webhooks.") { inject, uninject, explain };
    }

    private static InjectOutput OutputOf(ParseResult line) =>
        line.GetValue(Diff) ? InjectOutput.Diff : line.GetValue(Check) ? InjectOutput.Nothing : InjectOutput.Manifests;

    private static int Run(ParseResult line, NodeShape node, Func<IReadOnlyList<FilePreview>, int> print) => Run(
        line, (text, options) => Preview.Of(text, node, options, line.GetValue(Namespace)!, line.GetValue(Kinds), line.GetValue(Enforced)), print);

    private static int Run(ParseResult line, Func<string, LxcfsOptions, Preview> make, Func<IReadOnlyList<FilePreview>, int> print)
    {
        if (CommandSettings.Read() is not { } options)
            return ExitCode.BadSettings;
        var (files, errors) = ManifestFile.ReadAll(line.GetValue(Files)!);
        var previews = files.Select(file => new FilePreview(file, make(file.Text, options))).ToArray();
        foreach (var error in errors.Concat(previews.SelectMany(preview => preview.Errors)))
            Console.Error.WriteLine(error);
        var code = print(previews);
        return errors.Count > 0 || previews.Any(preview => preview.HasErrors) ? ExitCode.BadInput : code;
    }

    private static int Fail(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return 0;
    }
}
