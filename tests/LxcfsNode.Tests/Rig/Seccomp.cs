namespace LxcfsNode.Tests.Rig;

/// <summary>Has a container's kernel lack system calls, by a filter of the runtime's.</summary>
internal static class Seccomp
{
    private const int NotImplemented = 38, Invalid = 22, Beneath = 0x200;

    /// <summary>Options for ctr run: these calls end with ENOSYS, as on a kernel that is older than they are.</summary>
    public static Task<string[]> WithoutAsync(Node node, params string[] calls) => WithAsync(node, string.Join(',', calls.Select(call =>
        $$"""{"names":["{{call}}"],"action":"SCMP_ACT_ERRNO","errnoRet":{{NotImplemented}}}""")));

    /// <summary>Options for ctr run: move_mount knows no MOVE_MOUNT_BENEATH, as before Linux 6.5; and these calls are not there.</summary>
    public static Task<string[]> WithoutBeneathAsync(Node node, params string[] calls) => WithAsync(node, string.Join(',',
        calls.Select(call => $$"""{"names":["{{call}}"],"action":"SCMP_ACT_ERRNO","errnoRet":{{NotImplemented}}}""").Append($$"""
        {"names":["move_mount"],"action":"SCMP_ACT_ERRNO","errnoRet":{{Invalid}},
         "args":[{"index":4,"value":{{Beneath}},"valueTwo":{{Beneath}},"op":"SCMP_CMP_MASKED_EQ"}]}
        """)));

    private static async Task<string[]> WithAsync(Node node, string rules)
    {
        var profile = Path.Combine(node.Folder, $"seccomp-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(profile, $$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{{rules}}]}""");
        return ["--seccomp", "--seccomp-profile", profile];
    }
}
