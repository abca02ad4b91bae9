namespace LxcfsAgent.Nri;

/// <summary>
/// How much is taken from the runtime, and how long it is waited for. The runtime is root on the node, but what it passes on are
/// tenants' texts, as many and as long as an API server takes them.
/// </summary>
internal static class NriLimits
{
    /// <summary>Bytes of a multiplexer's frame. NRI's own writers stay below 4 MiB and a header, older ones below this.</summary>
    public const int Frame = 16 << 20;

    /// <summary>Bytes of a ttrpc message: ttrpc's own bound. A longer one is passed over and answered with an error, as ttrpc does.</summary>
    public const int Message = 4 << 20;

    /// <summary>Bytes of a frame that is sent: the runtime reads through a buffer of so many, and fails at a frame that is longer.</summary>
    public const int SentFrame = 4096;

    /// <summary>Letters of an error that is passed on, or logged.</summary>
    public const int Error = 1000;

    /// <summary>
    /// About how many bytes of memory a pod may take, of whose annotations those are kept that are read here. One that is larger is treated as not
    /// there. 250 containers, and mutate adds to no more, have names of 32 KB at most.
    /// </summary>
    public const int Pod = 40 << 10;

    /// <summary>
    /// The same for a container; one with the files of LXCFS takes 4 KiB. The less one may take, the more a pod's owner needs before there is no room
    /// for another's in what the runtime lists.
    /// </summary>
    public const int Container = 24 << 10;

    /// <summary>The same for all pods and containers that the runtime lists: 3,000 containers with the files, or 500 of the largest.</summary>
    public const int Everything = 12 << 20;

    /// <summary>What an object costs besides its text: it bounds how many of them there are.</summary>
    public const int Entry = 64;

    /// <summary>How many calls may wait for the plugin, and how many pieces of news. The runtime makes one call at a time.</summary>
    public const int Calls = 64, News = 1024;

    /// <summary>How long a connection, and each part that is sent, may take.</summary>
    public static readonly TimeSpan Send = TimeSpan.FromSeconds(2);

    /// <summary>How long a message may take from its first byte to its last.</summary>
    public static readonly TimeSpan Receive = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take from the connection to the end of Synchronize. containerd gives a plugin 5 s, and may itself be starting.</summary>
    public static readonly TimeSpan Registration = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After so long a call is answered in the plugin's place, with nothing to do. The runtime's own patience is 2 s by default: then it
    /// cuts the connection, and all pods of the node have waited.
    /// </summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);
}
