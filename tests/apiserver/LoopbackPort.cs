using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace LxcfsFunctions.ApiServer;

/// <summary>
/// A free port for a program that can't choose one itself. It lies below the range that the kernel gives to outgoing
/// connections (32768 and up), so that none of those takes it before the program listens.
/// </summary>
public static class LoopbackPort
{
    private const int First = 20000;
    private const int AfterLast = 32000;

    public static int Take()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, AfterLast);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: another try.
            }
        }
    }
}
