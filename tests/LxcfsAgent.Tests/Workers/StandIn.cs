using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>
/// A worker that is a shell: it answers as the real one does, enters nothing, and stops itself for good at a container that is called so.
/// Its shell starts no program, so that it is at work or held up and nothing else. What it reads is its own number.
/// </summary>
internal static class StandIn
{
    /// <summary>Short, for who is stopped does nothing at all; who is at work, or waits for a processor, is waited for ten times as long.</summary>
    public static readonly WorkerLimits Limits = new()
    {
        Late = TimeSpan.FromMilliseconds(300),
        LateInAll = TimeSpan.FromSeconds(5),
        LateAtLxcfs = TimeSpan.FromSeconds(5),
        LongestWork = TimeSpan.FromMinutes(1),
    };

    private const string Script = """
        summary() { printf '{"summary":{"namespaces":4,"foreignExamples":[],"unreadable":[],"tooLong":[],"complete":%s,"brokenOffAt":%s}}\n' "$1" "$2"; }
        begin() { printf '{"begun":"%s"}\n' "$1"; }
        names() {
          rest=$request
          while [ "$rest" != "${rest#*\"namespace\":\"}" ]; do
            rest=${rest#*\"namespace\":\"}
            "$1" "${rest%%\"*}"
          done
        }
        work() {
          case $mode in one) begin "$1" ;; esac
          case $1 in
            *unrecorded*) case $request in
              *'"isRecorded":true'*) [ -e "$2/withdrawn.json" ] || { printf '{"outcome":{"namespace":"%s","error":"it is not on record"}}\n' "$1"; return; } ;;
              *) printf '{"outcome":{"namespace":"%s","done":1,"needsRecord":true}}\n' "$1"; return ;;
            esac ;;
            *held*) kill -STOP $$ ;;
            *bare*) case $request in *'"Add"'*) printf '{"outcome":{"namespace":"%s"}}\n' "$1"; return ;; esac ;;
            *slow*) for step in 1 2 3 4 5 6 7 8 9; do n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done; echo '{"isAtWork":true}'; done ;;
            *dies*) kill -KILL $$ ;;
            *frozen*) echo $$ > "$2/cgroup.procs"; echo FROZEN > "$2/freezer.state" ;;
          esac
          printf '{"outcome":{"namespace":"%s","done":1}}\n' "$1"
        }
        frozen() { work "$1" "$folder"; }
        free() { case $1 in *held*) ;; *) frozen "$1" ;; esac; }
        caught() { case $1 in *held*) frozen "$1" ;; esac; }
        scan() {
          case $mode in waits)
            case $request in
              *'mnt:[held-2]'*) summary true 0 ;;
              *) begin 'mnt:[held-2]'; summary true 0; kill -STOP $$ ;;
            esac
            return ;;
          esac
          for name in 'mnt:[1]' 'mnt:[held-2]' 'mnt:[held-3]' 'mnt:[4]'; do
            case $request in *"\"$name\""*) continue ;; esac
            begin "$name"
            case $name in *held*) kill -STOP $$ ;; esac
            printf '{"container":{"namespace":"%s","pid":7}}\n' "$name"
          done
          from=0
          case $request in *'"from":'*) from=${request##*\"from\":}; from=${from%%[!0-9]*} ;; esac
          summary false $((from + 11))
        }
        mode=$1 folder=$2
        while read -r request; do
          case $mode in silent) kill -STOP $$ ;; several) names begin ;; esac
          case $request in
            *'"scan":'*) scan ;;
            *'"read":'*) printf '{"read":{"text":"%s"}}\n' $$ ;;
            *) case $mode in several) names free; names caught ;; *) names frozen ;; esac ;;
          esac
          echo '{"done":true}'
        done
        """;

    /// <param name="mode"><c>one</c> for one container after the other, <c>several</c> for all of a request at once, those that hold it up last, <c>waits</c> for a scan that says what it has seen before it waits for one that holds it up, <c>silent</c> for nothing ever.</param>
    /// <param name="folder">The control group that a container called frozen has its worker frozen in.</param>
    public static Spawn Program(string mode, string folder = "") => new("/bin/sh", ["sh", "-c", Script, "sh", mode, folder]);

    public static IReadOnlyList<ContainerWork> Containers(params string[] names) => [.. names.Select(name => new ContainerWork($"mnt:[{name}]", [], []))];

    public static WorkRequest Request(params string[] names) => new(WorkKind.Remove, null, 0, Containers(names));
}
