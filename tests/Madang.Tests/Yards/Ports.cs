using System.Net;
using System.Net.Sockets;

namespace Madang.Tests.Yards;

internal static class Ports
{
    /// <returns>A port of this machine that nobody listens on.</returns>
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
