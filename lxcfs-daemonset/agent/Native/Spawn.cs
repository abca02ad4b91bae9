using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>What a child process belongs to.</summary>
internal enum SpawnGroup
{
    /// <summary>The process group and session of its parent.</summary>
    Parent,

    /// <summary>A process group of its own.</summary>
    Own,

    /// <summary>A session of its own, and so a group too.</summary>
    OwnSession,
}

/// <summary>
/// A program to be started by posix_spawn(3). .NET's own way to start one would reap children that are not its own to reap,
/// and has no way to hand down a descriptor. A child starts with every signal at its default and none blocked: .NET ignores
/// SIGPIPE and handles others, and a program that inherits that misbehaves.
/// </summary>
/// <param name="Program">The executable's absolute path; <c>/proc/self/exe</c> is this program.</param>
/// <param name="Arguments">From the program's name on.</param>
internal sealed unsafe record Spawn(string Program, IReadOnlyList<string> Arguments)
{
    private const int FirstOther = 3;

    /// <summary>Variables that the child gets beside this process's own, or in place of them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The child's descriptors by number: which of this process's each is. Standard input, output and errors are inherited
    /// where they are not named; everything else is closed.
    /// </summary>
    public IReadOnlyDictionary<int, Descriptor> Descriptors { get; init; } = new Dictionary<int, Descriptor>();

    public SpawnGroup Group { get; init; }

    /// <summary>Starts it as a child of this process, who reaps it: <see cref="Children"/>.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="Win32Exception">It can't be started; names the program.</exception>
    public int Start()
    {
        using var arguments = new CStrings(Arguments);
        using var environment = new CStrings(Merged());
        byte* actions = stackalloc byte[ProcessCalls.OpaqueSize], attributes = stackalloc byte[ProcessCalls.OpaqueSize];
        var copies = new List<Descriptor>();
        Check(ProcessCalls.FileActionsInit(actions));
        Check(ProcessCalls.SpawnAttrInit(attributes));
        try
        {
            AddDescriptors(actions, copies);
            SetAttributes(attributes);
            int pid;
            Check(ProcessCalls.PosixSpawn(&pid, Program, actions, attributes, arguments.Pointer, environment.Pointer));
            return pid;
        }
        finally
        {
            _ = ProcessCalls.FileActionsDestroy(actions);
            _ = ProcessCalls.SpawnAttrDestroy(attributes);
            copies.ForEach(copy => copy.Dispose());
        }
    }

    private List<string> Merged()
    {
        var own = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>();
        return
        [
            .. own.Where(variable => !Environment.ContainsKey((string)variable.Key)).Select(variable => $"{variable.Key}={variable.Value}"),
            .. Environment.Select(variable => $"{variable.Key}={variable.Value}"),
        ];
    }

    private void AddDescriptors(byte* actions, List<Descriptor> copies)
    {
        var end = Math.Max(FirstOther, Descriptors.Keys.DefaultIfEmpty().Max() + 1);
        foreach (var (number, descriptor) in Descriptors)
        {
            // The actions run one after the other: a source must not be what an earlier one has replaced.
            var copy = Descriptor.From(
                ProcessCalls.Fcntl(descriptor.Number, ProcessCalls.FDupfdCloexec, end), $"fcntl F_DUPFD_CLOEXEC {descriptor.Number}");
            copies.Add(copy);
            Check(ProcessCalls.FileActionsAddDup2(actions, copy.Number, number));
        }

        for (var number = FirstOther; number < end; number++)
        {
            if (!Descriptors.ContainsKey(number))
                Check(ProcessCalls.FileActionsAddClose(actions, number));
        }

        Check(ProcessCalls.FileActionsAddCloseFrom(actions, end));
    }

    private void SetAttributes(byte* attributes)
    {
        var signals = stackalloc byte[ProcessCalls.OpaqueSize];
        _ = ProcessCalls.SigFillSet(signals);
        Check(ProcessCalls.SpawnAttrSetSigDefault(attributes, signals));
        _ = ProcessCalls.SigEmptySet(signals);
        Check(ProcessCalls.SpawnAttrSetSigMask(attributes, signals));
        Check(ProcessCalls.SpawnAttrSetPgroup(attributes, 0));
        var group = Group switch
        {
            SpawnGroup.Own => ProcessCalls.SpawnSetPgroup,
            SpawnGroup.OwnSession => ProcessCalls.SpawnSetSid,
            _ => 0,
        };
        Check(ProcessCalls.SpawnAttrSetFlags(attributes, (short)(ProcessCalls.SpawnSetSigDef | ProcessCalls.SpawnSetSigMask | group)));
    }

    /// <summary>These calls answer the error's number, and leave errno alone.</summary>
    private void Check(int error)
    {
        if (error != 0)
            throw new Win32Exception(error, $"posix_spawn {Program}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
